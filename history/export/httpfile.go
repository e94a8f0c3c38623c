package export

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/httpfile"
	"github.com/connectty/connectty/proxy"
)

// httpFile writes the upstream's requests as a .http file. Whom each was sent for
// stands above it, in words.
type httpFile struct {
	names map[string]int // how often each was given
}

func (*httpFile) comment() (indent, mark string) { return "", "#" }
func (*httpFile) begin() string                  { return "" }
func (*httpFile) apart() string                  { return "\n" }
func (*httpFile) end() string                    { return "" }

// refuse wants what is read from the file to be what was sent.
func (*httpFile) refuse(c *call) string {
	r := request(c, "")
	f, err := httpfile.Parse(r.Block())
	if err != nil || !utf8.Valid(c.body) || len(f.Requests) != 1 || !same(r, f.Requests[0]) {
		return "a .http file cannot hold it; --format curl can"
	}
	return ""
}

func (h *httpFile) write(c *call, about string) string {
	name := c.name()
	h.names[name]++
	if times := h.names[name]; times > 1 {
		name = fmt.Sprintf("%s %d", name, times)
	}
	r := request(c, name)
	first, rest, _ := strings.Cut(r.Block(), "\n")
	about += remarks("#", []string{fmt.Sprintf("sent for %s, account %s, in %s", cmp.Or(c.x.ExternalUserID, "no user"), cmp.Or(c.x.Account.ID, "none"), c.x.Environment)})
	if text := string(c.body); compact(text) != text && !json.Valid(c.body) && !strings.HasPrefix(history.MediaType(c.headers), "multipart/") {
		about += "# the blanks at the end of its body are left out\n"
	}
	return first + "\n" + about + rest
}

// leave makes a block of its own, which the body before would go on in.
func (*httpFile) leave(about string) string { return "###\n" + about }

func request(c *call, name string) httpfile.Request {
	return httpfile.Request{Name: name, Method: c.method(), URL: c.url, Headers: c.headers, Body: string(c.body)}
}

// same reports that a request was read as it was written, blanks at its ends aside.
func same(r, read httpfile.Request) bool {
	headers := slices.EqualFunc(r.Headers, read.Headers, func(a, b proxy.Field) bool {
		return a.Name == b.Name && strings.TrimSpace(a.Value) == b.Value
	})
	return headers && r.Method == read.Method && r.URL == read.URL && read.BodyFile == "" &&
		(len(read.Parts) > 0 || compact(r.Body) == compact(read.Body))
}

// compact is JSON without its blanks, and any other text without those at its end.
func compact(text string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(text)) == nil {
		return b.String()
	}
	return strings.TrimRight(text, "\r\n \t")
}
