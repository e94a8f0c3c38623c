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
		"of zsh":             {": 1700000000:0;curl https://a.io \\\\\n -H 'A: b'\n: 1700000001:0;curl 'https://b.io\n: 1700000002:0;curl https://c.io\n", "GET https://a.io A:b ;GET https://c.io ", ""},
		"a group":            {"curl https://a.io\n{ echo hi; }\ncurl https://b.io\n", "GET https://a.io ;GET https://b.io ", ""},
		"an open quote":      {"curl https://a.io\ncurl \"https://b.io\ngit status\ncurl https://c.io\n", "GET https://a.io ;GET https://c.io ", ""},
		"a variable":         {"curl $URL/x\ncurl https://c.io/$ID\n", "GET https://c.io/$ID ", ""},
		"among commands":     {"ls\ncurl https://a.io\nwget https://b.io\ncurl 'https://c.io\n", "GET https://a.io ", ""},
		"piped":              {"curl https://a.io | jq .\ncurl https://b.io", "GET https://a.io ;GET https://b.io ", ""},
		"as export writes":   {"token=$(curl -sS https://a.io)\ncurl https://b.io \\\n  -H 'A: b'\n", "GET https://b.io A:b ", ""},
		"two of one line":    {"curl https://a.io; curl https://b.io\ncurl https://c.io\n", "GET https://c.io ", ""},
		"something else":     {"wget https://b.io\n", "", "line 1 is neither"},
		"something, JSON":    {"wget https://b.io\n{}\n", "", "line 1 is neither"},
		"an array":           {"[\n{\n", "", "line 1 is neither"},
		"indented JSON":      {"{\n  \"log\": {}\n}", "", "a HAR file and indented JSON are not read"},
		"broken JSON":        {"\n{\"a\n", "", "line 2 is no exchange"},
		"nothing":            {"", "", ""},
		"a backslash at end": {"curl https://a.io \\", "GET https://a.io ", ""},
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

// A command's own time is kept, and a body in a file is missed.
func TestImportedCommand(t *testing.T) {
	t.Parallel()
	var told []string
	m := newImporter(strings.NewReader(": 1700000000:0;curl https://a.io -d @body.json\n\nnonsense\n"), func(text string) { told = append(told, text) })
	x, err := m.next()
	if err != nil || x.StartedAt.Unix() != 1700000000 || x.Request.Method != "POST" || !x.Request.BodyTruncated || x.Note != "" {
		t.Errorf("got %+v, %v", x, err)
	}
	if _, err := m.next(); !errors.Is(err, io.EOF) || len(told) != 2 || !strings.Contains(told[1], "1 line was passed over: line 3 is neither") {
		t.Errorf("told %q, %v", told, err)
	}
}

// A request that export wrote has its id and time above it: read in twice, it is one.
func TestImportedScript(t *testing.T) {
	t.Parallel()
	text := "# GET slack.com/api/auth.test (06h1a2b3c4d5e6f7g8h9, 2026-11-25T22:00:00Z)\ncurl -sS https://slack.com/api/auth.test \\\n  -H \"Authorization: Bearer $token\"\n\ncurl https://a.io\n"
	m := newImporter(strings.NewReader(text), func(text string) { t.Errorf("told %q", text) })
	x, err := m.next()
	if err != nil || x.ID != "06h1a2b3c4d5e6f7g8h9" || x.StartedAt.Hour() != 22 {
		t.Errorf("got %s of %s, %v", x.ID, x.StartedAt, err)
	}
	if x, err := m.next(); err != nil || x.ID != "" {
		t.Errorf("the next one has the id %q, %v", x.ID, err)
	}
}
