package document

import (
	"context"
	"encoding/json"

	"github.com/alecthomas/chroma/v2"
)

// Keys returns the different keys in the first bytes of a JSON document, in the order in
// which they stand; nil for any other kind. It may take long.
func (d *Document) Keys(ctx context.Context, bytes int64) []string {
	f := d.folder(0)
	if f == nil {
		return nil
	}
	defer func() { f.c.free() }()
	var out []string
	seen := map[string]bool{}
	for n := 0; f.c.off < bytes; n++ {
		if n%lookAfter == 0 && ctx.Err() != nil {
			return nil
		}
		t, text, ok := f.next()
		if !ok {
			break
		}
		if t.kind != chroma.NameTag || seen[string(text)] {
			continue
		}
		seen[string(text)] = true
		var key string
		if json.Unmarshal(text, &key) == nil {
			out = append(out, key)
		}
	}
	return out
}
