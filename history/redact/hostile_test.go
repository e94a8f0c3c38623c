package redact_test

import (
	"strings"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

// BenchmarkHostile is what a body costs that looks like tokens all over and holds none:
// 1 and 8 MB of each, to see that the time grows with the size.
func BenchmarkHostile(b *testing.B) {
	for name, part := range map[string]string{
		"eyJ": "eyJ", "brackets": "{{[[", "Base64": "QUtJQQ", "xox": "xoxb-", "keys": "-----BEGIN PRIVATE KEY-----", "quotes": `\"`,
		"colons": `":`, "members": `"token":`, "groups": `"token":{[`, "cut groups": `\"token\":{"a":`, "slashes": `\\`, "slashes, quoted": `"token":"\\`, "lines": "\\\"\n",
		"words": "token: ", "params": "token=", "equals": "a=", "percent": "a=%25", "percents": "%25", "elements": "</token", "texts": "<token>a</token>", "CDATA": "]]></token>",
		"logins": "://a@", "parts": "--\r\n\r\n", "form": "a[b]=%2B&",
	} {
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

// BenchmarkAnswer is what an ordinary answer of 2 MB costs: JSON with links, times, texts and
// escapes, and the same as HTML, as a form and as lines.
func BenchmarkAnswer(b *testing.B) {
	const size = 2 << 20
	for name, part := range map[string]string{
		"JSON":    `{"id":"C03NA8B4VA9","created":1699999999,"name":"general talk","topic":{"value":"what we do at night","creator":"U0ACME"},"url":"https://acme.slack.com/archives/C03NA8B4VA9?a=1&b=2","at":"2026-11-25T10:30:00Z"},`,
		"escaped": `{"url":"https:\/\/acme.slack.com\/archives\/C03NA8B4VA9","text":"line\nline \"quoted\" caf\u00e9","html":"\u003cp\u003ehi\u003c/p\u003e","ok":true},`,
		"HTML":    `<div class="row a"><a href="/a/b?c=d&amp;e=f%20g">A link with words in it</a><p style="width:100%">Some text: right here, night and day.</p></div>` + "\n",
		"form":    "name=a+person&address=12%20High%20Street&n=5&",
		"lines":   "data: {\"delta\":{\"content\":\"some words\"},\"index\":0}\n\n",
	} {
		b.Run(name, func(b *testing.B) {
			body := strings.Repeat(part, size/len(part))
			kind := map[string]string{"form": "application/x-www-form-urlencoded", "HTML": "text/html", "lines": "text/event-stream"}[name]
			if kind == "" {
				kind, body = "application/json", "["+body+"{}]"
			}
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				redact.New("a-known-secret", "another-known-secret").Body(kind, []byte(body))
			}
		})
	}
}
