package response_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connectty/connectty/themes"
)

// bigJSON is minified, about so many bytes.
func bigJSON(size int) string {
	var b strings.Builder
	b.Grow(size + 100)
	b.WriteString(`{"ok":true,"items":[`)
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"name":"user %d","mail":"user%d@example.com","tags":["a","b"],"active":true}`, i, i, i)
	}
	b.WriteString(`]}`)
	return b.String()
}

// BenchmarkView draws the pane with its title and status, as for each frame.
func BenchmarkView(b *testing.B) {
	th := themes.For(true)
	body := bigJSON(10 << 20)
	for name, keys := range map[string][]string{
		"pretty-start": nil, "pretty-end": {"G"}, "raw": {"v"}, "raw-far-right": {"v", "l", "l", "l", "l", "l", "l"},
		"raw-wrapped": {"v", "W", "j", "j"}, "hex-end": {"v", "v", "G"},
	} {
		b.Run(name, func(b *testing.B) {
			p := newPane(b, 160, 50)
			p.Show(answered(b, 200, "application/json", body))
			p.do(keys...)
			b.ReportAllocs()
			for b.Loop() {
				p.View(160, 50, th)
				p.Title(th)
				p.Status(th)
			}
		})
	}
	b.Run("found", func(b *testing.B) {
		p := newPane(b, 160, 50)
		p.Show(answered(b, 200, "application/json", body))
		p.do("/").typed("user 70000").enter()
		p.do("/").typed("user").enter()
		b.ReportAllocs()
		for b.Loop() {
			p.View(160, 50, th)
			p.Title(th)
			p.Status(th)
		}
	})
}
