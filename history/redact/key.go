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
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("key of stand-ins: %w", err)
	}
	key = make([]byte, keyBytes)
	_, _ = rand.Read(key) // never fails
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("key of stand-ins: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) { // another process was faster, or it is broken
		if other, err := os.ReadFile(path); err == nil && len(other) == keyBytes {
			return other, nil
		}
		return nil, fmt.Errorf("key of stand-ins: %s is no key; move it away", path)
	}
	if err != nil {
		return nil, fmt.Errorf("key of stand-ins: %w", err)
	}
	_, err = f.Write(key)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("key of stand-ins: %w", err)
	}
	return key, nil
}
