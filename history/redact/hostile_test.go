package redact_test

import (
	"strings"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

// BenchmarkHostile is what a body costs that looks like tokens all over and holds none:
// 1 and 8 MB of each, to see that the time grows with the size.
func BenchmarkHostile(b *testing.B) {
	for name, part := range map[string]string{"eyJ": "eyJ", "brackets": "{{[[", "Base64": "QUtJQQ", "xox": "xoxb-", "keys": "-----BEGIN PRIVATE KEY-----", "quotes": `\"`} {
		for size, label := range map[int]string{1 << 20: "1MB", 8 << 20: "8MB"} {
			b.Run(name+"/"+label, func(b *testing.B) {
				text := []byte(strings.Repeat(part, size/len(part)))
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					redact.New("a-known-secret").Body("application/json", text)
				}
			})
		}
	}
}
