package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/grafana/alloy/syntax/ast"
	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/printer"
	"github.com/grafana/alloy/syntax/token"
)

// checker reads the files of one configuration together.
type checker struct {
	table    map[string]component
	findings []string
	// By path, as prometheus.relabel.metrics: where it stands.
	declared map[string]token.Pos
	used     map[string]bool
	// The environment variables that are read.
	env map[string]bool
}

func check(table map[string]component, names []string) *checker {
	c := &checker{table: table, declared: map[string]token.Pos{}, used: map[string]bool{}, env: map[string]bool{}}
	var blocks []*ast.BlockStmt
	for _, name := range names {
		for _, stmt := range c.parse(name) {
			if b, ok := stmt.(*ast.BlockStmt); ok {
				blocks = append(blocks, b)
			} else {
				c.find(ast.StartPos(stmt), "only blocks may stand at the top of a file")
			}
		}
	}
	// A component may be used before the line, or in another file than the one, that declares it.
	for _, b := range blocks {
		c.declare(b)
	}
	for _, b := range blocks {
		name := strings.Join(b.Name, ".")
		if known, ok := c.table[name]; ok {
			c.inside(b.Body, known.Args, name, b.NamePos)
		}
		ast.Walk(references{c}, b)
	}
	for path, pos := range c.declared {
		name := path[:strings.LastIndex(path, ".")]
		if len(c.table[name].Exports) > 0 && !c.used[path] {
			c.find(pos, "%s exports something that nothing uses", path)
		}
	}
	slices.Sort(c.findings)
	return c
}

func (c *checker) find(pos token.Pos, format string, args ...any) {
	p := pos.Position()
	c.findings = append(c.findings, fmt.Sprintf("%s:%d:%d: %s", p.Filename, p.Line, p.Column, fmt.Sprintf(format, args...)))
}

func (c *checker) parse(name string) ast.Body {
	data, err := os.ReadFile(name)
	if err != nil {
		c.findings = append(c.findings, err.Error())
		return nil
	}
	file, err := parser.ParseFile(name, data)
	if err != nil {
		c.findings = append(c.findings, err.Error())
		return nil
	}
	if formatted, err := format(file); err == nil && !bytes.Equal(formatted, data) {
		c.findings = append(c.findings, name+": not formatted (-w writes it formatted)")
	}
	return file.Body
}

func format(file *ast.File) ([]byte, error) {
	var out bytes.Buffer
	err := printer.Fprint(&out, file)
	return append(bytes.TrimRight(out.Bytes(), "\n"), '\n'), err
}

func (c *checker) declare(b *ast.BlockStmt) {
	name := strings.Join(b.Name, ".")
	if settings[name] {
		return
	}
	known, ok := c.table[name]
	if !ok {
		c.find(b.NamePos, "unknown component %q (the table holds those of Alloy %s that clew may use)", name, alloyVersion)
		return
	}
	if b.Label == "" {
		c.find(b.NamePos, "%s needs a label", name)
	}
	c.stable(b.NamePos, name, known.Stability)
	path := name + "." + b.Label
	if at, twice := c.declared[path]; twice {
		c.find(b.NamePos, "%s is declared twice, first at %s", path, at.Position())
	}
	c.declared[path] = b.NamePos
}

func (c *checker) stable(pos token.Pos, what, stability string) {
	if stability != "" && stability != available {
		c.find(pos, "%s is %s: Alloy refuses it by default", what, stability)
	}
}

// inside compares what stands in a block with what may, and must, stand there.
func (c *checker) inside(stmts ast.Body, want *body, where string, pos token.Pos) {
	if want == nil || want.Open {
		return
	}
	seen := map[string]int{}
	for _, stmt := range stmts {
		switch s := stmt.(type) {
		case *ast.AttributeStmt:
			name := s.Name.Name
			seen[name]++
			c.argument(s, want, where, seen[name])
		case *ast.BlockStmt:
			name := strings.Join(s.Name, ".")
			seen[name]++
			c.block(s, want, where, seen[name])
		}
	}
	for name, a := range want.Attrs {
		if a.Required && seen[name] == 0 {
			c.find(pos, "%s: argument %q is missing", where, name)
		}
	}
	for name, b := range want.Blocks {
		if b.Required && seen[name] == 0 {
			c.find(pos, "%s: block %q is missing", where, name)
		}
	}
}

func (c *checker) argument(s *ast.AttributeStmt, want *body, where string, times int) {
	name, pos := s.Name.Name, s.Name.NamePos
	a, ok := want.Attrs[name]
	_, isBlock := want.Blocks[name]
	switch {
	case ok:
		if times > 1 {
			c.find(pos, "%s: argument %q is set twice", where, name)
		}
		c.stable(pos, fmt.Sprintf("%s: argument %q", where, name), a.Stability)
		c.literal(s.Value, a.Type, where+" "+name)
	case isBlock:
		c.find(pos, "%s: %q is a block, not an argument", where, name)
	default:
		c.find(pos, "%s: unknown argument %q", where, name)
	}
}

func (c *checker) block(s *ast.BlockStmt, want *body, where string, times int) {
	name := strings.Join(s.Name, ".")
	b, ok := want.Blocks[name]
	_, isArgument := want.Attrs[name]
	switch {
	case ok:
		if times > 1 && !b.Many {
			c.find(s.NamePos, "%s: block %q may stand only once", where, name)
		}
		c.stable(s.NamePos, fmt.Sprintf("%s: block %q", where, name), b.Stability)
		if !b.Open {
			c.inside(s.Body, b.Body, where+" "+name, s.NamePos)
		}
	case isArgument:
		c.find(s.NamePos, "%s: %q is an argument, not a block", where, name)
	default:
		c.find(s.NamePos, "%s: unknown block %q", where, name)
	}
}

// literal checks the type of a value that is written out; what is computed is left to Alloy.
func (c *checker) literal(e ast.Expr, want, where string) {
	lit, ok := e.(*ast.LiteralExpr)
	if !ok {
		return
	}
	number := lit.Kind == token.NUMBER || lit.Kind == token.FLOAT
	fits := true
	switch want {
	case "bool":
		fits = lit.Kind == token.BOOL
	case "number":
		fits = number
	case "size": // 4194304 or "4MiB"
		fits = number || lit.Kind == token.STRING
	case "string", "duration":
		fits = lit.Kind == token.STRING
	}
	if !fits {
		c.find(lit.ValuePos, "%s: expected %s, got %s", where, want, lit.Value)
	}
}
