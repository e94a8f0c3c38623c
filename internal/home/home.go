// Package home reads and writes ~ for the home folder, as shells do for what is typed
// there.
package home

import (
	"os"
	"path/filepath"
	"strings"
)

// Expand puts the home folder in the place of a leading ~. A path that has none, or a
// home folder that is not known, leaves it as it is.
func Expand(path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path
	}
	dir, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(dir, rest)
}

// Short puts ~ in the place of the home folder.
func Short(path string) string {
	dir, err := os.UserHomeDir()
	if err != nil || dir == "" {
		return path
	}
	if rest, ok := strings.CutPrefix(path, dir+string(filepath.Separator)); ok {
		return filepath.Join("~", rest)
	}
	return path
}
