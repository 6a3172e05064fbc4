// Command alloy-check reads Alloy configuration without Alloy. Each argument is one composed configuration: a folder (its
// *.alloy files, as `alloy run` reads them) or files with commas between them. It reports syntax, formatting, unknown or
// missing arguments and blocks, labels that stand twice, references to what does not exist, exports that nobody uses, and
// what is not generally available.
//
// It knows names, types and what is required, and evaluates nothing: regular expressions, OTTL and addresses are Alloy's.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/grafana/alloy/syntax/parser"
)

func main() {
	write := flag.Bool("w", false, "write the files formatted instead of checking them")
	env := flag.Bool("env", false, "print the environment variables that each configuration reads")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "Usage: alloy-check [-w] [-env] FOLDER | FILE,FILE,... [...]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	table, err := readTable()
	if err != nil {
		fail(fmt.Errorf("components.jsonl: %w", err))
	}
	findings := 0
	for _, arg := range flag.Args() {
		names, err := files(arg)
		if err != nil {
			fail(err)
		}
		if *write {
			if err := rewrite(names); err != nil {
				fail(err)
			}
			continue
		}
		c := check(table, names)
		for _, finding := range c.findings {
			fmt.Println(finding)
		}
		if *env {
			fmt.Println(strings.Join(sorted(c.env), "\n"))
		}
		fmt.Fprintf(os.Stderr, "%s: %d files, %d components, %d findings\n", arg, len(names), len(c.declared), len(c.findings))
		findings += len(c.findings)
	}
	if findings > 0 {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func files(arg string) ([]string, error) {
	if info, err := os.Stat(arg); err != nil || !info.IsDir() {
		return strings.Split(arg, ","), nil
	}
	found, err := filepath.Glob(filepath.Join(arg, "*.alloy"))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%s: no *.alloy file in this folder", arg)
	}
	return found, err
}

func rewrite(names []string) error {
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(name, data)
		if err != nil {
			return err
		}
		formatted, err := format(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(name, formatted, 0o644); err != nil {
			return err
		}
	}
	return nil
}
