package httpfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connectty/connectty/internal/atomicfile"
)

// How far a collection is looked through: a folder may be a home folder.
const (
	deepest     = 5      // folders below the first
	mostEntries = 20_000 // files and folders
)

// skipped are folders that hold other people's files.
var skipped = []string{"node_modules", "vendor", "target", "dist"}

// Find returns the paths of the .http and .rest files of a folder and those below it, in
// the order of their names. Hidden folders and those of packages are passed over; a
// folder that is not there has no files.
func Find(dir string) ([]string, error) {
	var out []string
	seen := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if seen++; seen > mostEntries {
			return fs.SkipAll
		}
		switch {
		case path == dir && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case path == dir:
			return err
		case err != nil:
			return nil //nolint:nilerr // it cannot be read: others can
		case e.IsDir() && (strings.HasPrefix(e.Name(), ".") || slices.Contains(skipped, e.Name()) || depth(dir, path) > deepest):
			return fs.SkipDir
		case !e.IsDir() && IsName(e.Name()):
			out = append(out, path)
		}
		return nil
	})
	return out, err
}

func depth(dir, path string) int {
	rest, err := filepath.Rel(dir, path)
	if err != nil {
		return 0
	}
	return strings.Count(rest, string(filepath.Separator))
}

// IsName reports that a file of this name holds requests.
func IsName(path string) bool {
	ext := filepath.Ext(path)
	return ext == ".http" || ext == ".rest"
}

// Saved tells what Save did.
type Saved int

// What became of a request.
const (
	Added    Saved = iota // behind what the file holds
	Replaced              // in the place of the one it was opened as
	Kept                  // behind it: the one it was opened as was changed meanwhile
)

// Save writes a request to a file. One that was opened from it, was, is replaced, if it
// still stands there as it was and the file holds nothing of it that would be lost;
// anything else goes behind what the file holds, so that nothing of another's is
// overwritten.
func Save(path string, was *Request, r Request) (Saved, error) {
	if !IsName(path) {
		return 0, errors.New("name a file that ends in .http")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, err
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	if was == nil {
		return Added, add(path, data, r)
	}
	text, ok := exchange(string(data), was, r)
	if !ok {
		return Kept, add(path, data, r)
	}
	return Replaced, replace(path, text)
}

// exchange puts a request in the place of another; false where that is not there any
// more as it was, or there is more to it than a request holds.
func exchange(text string, was *Request, r Request) (string, bool) {
	if was.raw == "" || strings.Count(text, was.raw) != 1 || len(was.Notices) > 0 || comments(was.raw) {
		return "", false
	}
	_, block, _ := strings.Cut(r.Block(), "\n") // the ### line stays as it is
	return strings.Replace(text, was.raw, strings.TrimRight(block, "\n"), 1), true
}

// comments reports that a head holds lines that are not kept.
func comments(raw string) bool {
	head, _, _ := strings.Cut(raw, "\n\n")
	return slices.ContainsFunc(strings.Split(head, "\n"), comment)
}

// add puts a request behind what a file holds. It is one write, so that of two programs
// neither cuts the other's.
func add(path string, before []byte, r Request) error {
	text := r.Block()
	if len(before) > 0 {
		text = "\n" + text
		if before[len(before)-1] != '\n' {
			text = "\n" + text
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func replace(path, text string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(f *atomicfile.File) error {
		if _, err := f.WriteString(text); err != nil {
			return err
		}
		return f.Chmod(info.Mode().Perm())
	})
}
