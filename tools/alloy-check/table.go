package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// alloyVersion is the version of Alloy whose components the table holds.
const alloyVersion = "1.18.1"

// One component a line, of those that this project may use.
//
//go:embed components.jsonl
var components string

type component struct {
	Name      string          `json:"name"`
	Stability string          `json:"stability"`
	Args      *body           `json:"args"`
	Exports   map[string]attr `json:"exports"`
}

// body is what may stand between the braces of a block.
type body struct {
	// Open: not in the table, so not checked.
	Open   bool             `json:"open"`
	Attrs  map[string]attr  `json:"attrs"`
	Blocks map[string]block `json:"blocks"`
}

type attr struct {
	Type     string `json:"type"`
	Required bool   `json:"required"`
	// Stability when it is another one than the component's.
	Stability string `json:"stability"`
}

type block struct {
	Required  bool   `json:"required"`
	Many      bool   `json:"many"`
	Open      bool   `json:"open"`
	Body      *body  `json:"body"`
	Stability string `json:"stability"`
}

const available = "generally-available"

func readTable() (map[string]component, error) {
	table := map[string]component{}
	lines := bufio.NewScanner(strings.NewReader(components))
	lines.Buffer(nil, len(components))
	for lines.Scan() {
		var c component
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, err
		}
		table[c.Name] = c
	}
	return table, lines.Err()
}

// Blocks at the top of a file that are no components; their insides are left to Alloy.
var settings = map[string]bool{
	"logging": true, "tracing": true, "livedebugging": true, "http": true, "remotecfg": true, "argument": true,
	"export": true, "declare": true, "foreach": true,
	"import.file": true, "import.git": true, "import.http": true, "import.string": true,
}

var stdlib = map[string]bool{
	"sys": true, "array": true, "string": true, "encoding": true, "convert": true, "crypto": true, "file": true,
	"map": true, "constants": true, "coalesce": true, "json_path": true, "module_path": true, "argument": true,
	"targets": true,
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
