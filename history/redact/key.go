package redact

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keyBytes is the length of the key of stand-ins.
const keyBytes = 32

// Key returns the machine's key of stand-ins, kept in a folder and made there once
// (mode 0600): with it the reports of one machine use the same stand-ins.
func Key(dir string) ([]byte, error) {
	path := filepath.Join(dir, "pseudonyms.key")
	key, err := os.ReadFile(path)
	if err == nil && len(key) == keyBytes {
		return key, nil
	}
	if err == nil && len(key) > 0 {
		return nil, fmt.Errorf("key of stand-ins: %s is no key; move it away", path)
	}
	if err == nil { // a crash left it empty
		err = os.Remove(path)
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		key, err = newKey(dir, path)
	}
	if err != nil {
		return nil, fmt.Errorf("key of stand-ins: %w", err)
	}
	return key, nil
}

// newKey makes a key, or reads that of a process that was faster: the file is whole as soon
// as it has its name.
func newKey(dir, path string) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(f.Name()) }() // under this name
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // never fails
	_, err = f.Write(key)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	switch err := os.Link(f.Name(), path); {
	case errors.Is(err, fs.ErrExist):
		return os.ReadFile(path)
	case err != nil:
		return nil, err
	}
	return key, nil
}
