package themes

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

//go:embed dark.toml light.toml
var files embed.FS

const extension = ".toml"

var (
	dark  = sync.OnceValue(func() *Theme { return builtin("dark") })
	light = sync.OnceValue(func() *Theme { return builtin("light") })
)

// For returns the built-in theme for a dark or a light background.
func For(darkBackground bool) *Theme {
	if darkBackground {
		return dark()
	}
	return light()
}

// builtin reads an embedded theme. A test loads them all; should one be broken
// all the same, the one without colours serves.
func builtin(name string) *Theme {
	t, err := load(files, name+extension, name, nil)
	if err != nil {
		return Mono()
	}
	return t
}

// Names returns the built-in themes and those in dir, sorted. dir may be empty
// or absent.
func Names(dir string) ([]string, error) {
	names := []string{"dark", "light"}
	if dir == "" {
		return names, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return names, fmt.Errorf("list themes: %w", err)
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), extension); ok && name != "" && !e.IsDir() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// Load returns a theme by name: a file NAME.toml in dir, else a built-in one.
// What a file leaves out is taken from the built-in theme of the same
// background.
func Load(name, dir string) (*Theme, error) {
	if dir != "" && name != "" && filepath.Base(name) == name {
		t, err := load(os.DirFS(dir), name+extension, name, For)
		if !errors.Is(err, fs.ErrNotExist) {
			return t, inFolder(err, dir)
		}
	}
	switch name {
	case "dark":
		return dark(), nil
	case "light":
		return light(), nil
	}
	names, err := Names(dir)
	if err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("no theme %q%s; there are: %s", name, suggest(name, names), strings.Join(names, ", "))
}

// inFolder puts the folder in front of the file name of an error.
func inFolder(err error, dir string) error {
	if bad, ok := errors.AsType[*FileError](err); ok {
		bad.File = filepath.Join(dir, bad.File)
	}
	return err
}

func load(from fs.FS, file, name string, base func(dark bool) *Theme) (*Theme, error) {
	src, err := fs.ReadFile(from, file)
	if err != nil {
		return nil, fmt.Errorf("theme %q: %w", name, err)
	}
	t, err := parse(file, src, base)
	if err != nil {
		return nil, err
	}
	t.Name = name
	return t, nil
}
