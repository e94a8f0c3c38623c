package redact_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

// Whoever asks gets the same key; one that a crash left empty is made anew, and one that is
// something else is not touched.
func TestKey(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(dir, "pseudonyms.key")
	keys := make([][]byte, 20)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			var err error
			if keys[i], err = redact.Key(dir); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, k := range keys {
		if len(k) == 0 || !bytes.Equal(k, keys[0]) {
			t.Fatalf("%x beside %x", k, keys[0])
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%d files, %v", len(files), err)
	}
	for text, want := range map[string]bool{"": true, "something else": false} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if key, err := redact.Key(dir); (err == nil) != want || want && bytes.Equal(key, keys[0]) {
			t.Errorf("%q: %x, %v", text, key, err)
		}
	}
}
