// The parser of Alloy's configuration language, for the program in this folder: `node clew.mjs tools/install.ts alloy-check`.
module clew/tools/alloy-check

go 1.26.5

tool clew/tools/alloy-check

require github.com/grafana/alloy/syntax v0.1.1

require (
	github.com/fatih/color v1.19.0 // indirect
	github.com/mattn/go-colorable v0.1.15 // indirect
	github.com/mattn/go-isatty v0.0.22 // indirect
	golang.org/x/sys v0.46.0 // indirect
)
