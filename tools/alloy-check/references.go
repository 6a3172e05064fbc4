package main

import (
	"strings"

	"github.com/grafana/alloy/syntax/ast"
	"github.com/grafana/alloy/syntax/token"
)

// references visits every expression: what it names has to exist, and sys.env reads the environment.
type references struct{ c *checker }

func (r references) Visit(n ast.Node) ast.Visitor {
	switch e := n.(type) {
	case nil:
		return nil
	case *ast.AccessExpr:
		if path, pos, ok := dotted(e); ok {
			r.c.reference(path, pos)
			return nil
		}
	case *ast.IdentifierExpr:
		r.c.reference([]string{e.Ident.Name}, e.Ident.NamePos)
		return nil
	case *ast.CallExpr:
		if path, _, ok := dotted(e.Value); ok && strings.Join(path, ".") == "sys.env" && len(e.Args) == 1 {
			if lit, ok := e.Args[0].(*ast.LiteralExpr); ok {
				r.c.env[strings.Trim(lit.Value, `"`)] = true
			}
		}
	}
	return r
}

// dotted is the path of an expression that is nothing but names with dots between them.
func dotted(e ast.Expr) ([]string, token.Pos, bool) {
	switch x := e.(type) {
	case *ast.IdentifierExpr:
		return []string{x.Ident.Name}, x.Ident.NamePos, true
	case *ast.AccessExpr:
		if path, pos, ok := dotted(x.Value); ok {
			return append(path, x.Name.Name), pos, true
		}
	}
	return nil, token.NoPos, false
}

// reference looks up COMPONENT.LABEL.EXPORT, where COMPONENT has dots itself.
func (c *checker) reference(path []string, pos token.Pos) {
	if stdlib[path[0]] && len(path) < 4 {
		return
	}
	whole := strings.Join(path, ".")
	for n := len(path) - 1; n >= 2; n-- {
		name := strings.Join(path[:n], ".")
		known, ok := c.table[name]
		if !ok {
			continue
		}
		target := name + "." + path[n]
		if _, ok := c.declared[target]; !ok {
			c.find(pos, "%s: no component %s in this configuration", whole, target)
			return
		}
		c.used[target] = true
		if len(path) > n+1 {
			if _, ok := known.Exports[path[n+1]]; !ok {
				c.find(pos, "%s: %s exports %s", whole, name, strings.Join(sorted(known.Exports), ", "))
			}
		}
		return
	}
	if !stdlib[path[0]] {
		c.find(pos, "%s: neither a component nor a function", whole)
	}
}
