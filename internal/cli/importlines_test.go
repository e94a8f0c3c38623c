package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestImporter(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want, err string }{
		"curl":               {"curl https://a.io/x\n", "GET https://a.io/x ", ""},
		"over lines":         {"# why\n\ncurl -X POST https://a.io \\\n  -H 'A: b' \\\n  -d '{\n\"a\": 1}'\ncurl https://b.io", "POST https://a.io A:b {\n\"a\": 1};GET https://b.io ", ""},
		"of a shell":         {"  501  curl https://a.io\n: 1700000000:0;curl https://b.io\n$ curl https://c.io\n", "GET https://a.io ;GET https://b.io ;GET https://c.io ", ""},
		"JSON and curl":      {`{"schema":1,"request":{"method":"PUT","url":"https://j.io","headers":[],"body":"","body_encoding":"utf8"}}` + "\ncurl https://a.io", "PUT https://j.io ;GET https://a.io ", ""},
		"something else":     {"curl https://a.io\nwget https://b.io\n", "GET https://a.io ", "line 2 is neither"},
		"without an end":     {"curl 'https://a.io\n", "", "the command of line 1"},
		"broken JSON":        {"\n{\"a\n", "", "line 2 is no exchange"},
		"nothing":            {"", "", ""},
		"a backslash at end": {"curl https://a.io \\", "", "the command of line 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newImporter(strings.NewReader(tt.text), func(string) {})
			var got []string
			var err error
			for {
				x, e := m.next()
				if err = e; err != nil {
					break
				}
				text := x.Request.Method + " " + x.Request.URL + " "
				for _, h := range x.Request.Headers {
					if h.Name != "Content-Type" {
						text += fmt.Sprintf("%s:%s ", h.Name, h.Value)
					}
				}
				got = append(got, text+string(x.Request.Body))
			}
			if errors.Is(err, io.EOF) && tt.err == "" {
				err = nil
			}
			if all := strings.Join(got, ";"); all != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %q, %v, want %q, %q", all, err, tt.want, tt.err)
			}
		})
	}
}
