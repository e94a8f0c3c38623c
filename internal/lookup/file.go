package lookup

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// file is a table on disk, read again when it has changed.
type file struct {
	path string

	mu     sync.Mutex
	when   time.Time
	size   int64
	people table
}

// Find searches the table.
func (f *file) Find(ctx context.Context, query string) ([]Person, error) {
	people, err := f.load()
	if err != nil {
		return nil, fmt.Errorf("lookup in %s: %w", f.path, err)
	}
	return people.Find(ctx, query)
}

func (f *file) load() (table, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, err
	}
	if f.people != nil && info.ModTime().Equal(f.when) && info.Size() == f.size {
		return f.people, nil
	}
	data, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	people, err := read(data)
	if err != nil {
		return nil, err
	}
	f.people, f.when, f.size = people, info.ModTime(), info.Size()
	return people, nil
}

// entry is one line of a table.
type entry struct {
	Person

	hay string // all columns in lower case
}

// table is people in the order of their lines.
type table []entry

// Find returns those of whom all words are said.
func (t table) Find(ctx context.Context, query string) ([]Person, error) {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil, nil
	}
	var out []Person
	for i, e := range t {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(e.hay, w) }) {
			continue
		}
		if out = append(out, e.Person); len(out) == most {
			break
		}
	}
	return out, nil
}

// read takes in lines of id, label and more, parted by commas or tabs; a first line
// of column names is none of them.
func read(data []byte) (table, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord, in.LazyQuotes, in.TrimLeadingSpace = -1, true, true
	if first, _, _ := bytes.Cut(data, []byte("\n")); bytes.ContainsRune(first, '\t') {
		in.Comma = '\t'
	}
	out := table{}
	for {
		cells, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		case cells[0] == "", len(out) == 0 && isHead(cells[0]):
			continue
		}
		e := entry{Person: Person{ID: cells[0]}, hay: strings.ToLower(strings.Join(cells, "\n"))}
		if len(cells) > 1 {
			e.Label = cells[1]
		}
		out = append(out, e)
	}
}

// isHead reports the name of a column.
func isHead(cell string) bool {
	return slices.Contains([]string{"id", "user", "user_id", "external_user_id", "external_id"}, strings.ToLower(cell))
}
