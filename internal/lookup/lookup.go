// Package lookup asks a company's own records whose external user a ticket is
// about: an e-mail address or a name goes in, external user ids come out.
package lookup

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Person is one answer. Both texts come from elsewhere: they are not safe to print.
type Person struct {
	ID    string // external user id
	Label string // how people know the person; may be empty
}

// most is how many people one question may bring.
const most = 200

// Lookup answers questions. It is safe for concurrent use.
type Lookup interface {
	// Find returns those that all words of the query are about. It may wait.
	Find(ctx context.Context, query string) ([]Person, error)
}

// Where a lookup is kept.
const (
	inFile    = "file:"
	inCommand = "command:"
)

// Parse reads file:PATH or command:LINE. A relative path is one in dir. In a line the
// word {{query}}, or a word that holds it, becomes what is looked for, as one
// argument: no shell reads it.
func Parse(spec, dir string) (Lookup, error) {
	if path, ok := strings.CutPrefix(spec, inFile); ok {
		if path == "" {
			return nil, errors.New("file: needs a path, such as file:users.csv")
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		return &file{path: path}, nil
	}
	if line, ok := strings.CutPrefix(spec, inCommand); ok {
		return parseCommand(line)
	}
	return nil, fmt.Errorf("%q is neither file:PATH nor command:LINE", spec)
}

// FromCSV is a lookup in a table that is there already: id, label, and further
// columns that are searched, too.
func FromCSV(data []byte) (Lookup, error) {
	people, err := read(data)
	if err != nil {
		return nil, err
	}
	return people, nil
}
