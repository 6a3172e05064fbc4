// Command compose-check reads a Compose file as Docker Compose does, by its own library and without Docker: the schema,
// the variables of the environment and of the .env beside the file, what is extended, and whether what services name is
// there. It prints what all of that comes to, in JSON.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "Usage: compose-check FILE")
		os.Exit(2)
	}
	file := os.Args[1]
	text, err := read(file)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
		os.Exit(1)
	}
	fmt.Println(string(text))
}

func read(file string) ([]byte, error) {
	everyProfile := cli.WithProfiles([]string{"*"})
	options, err := cli.NewProjectOptions([]string{file}, cli.WithOsEnv, cli.WithEnvFiles(), cli.WithDotEnv, everyProfile)
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.MarshalJSON()
}
