package proxy

import (
	"errors"
	"strings"
	"testing"
)

func TestRestrictedHeader(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Accept-Encoding", "Access-Control-Request-Headers", "Access-Control-Request-Method", "Connection", "Content-Length",
		"Cookie", "Date", "DNT", "Expect", "Host", "Keep-Alive", "Origin", "Permissions-Policy", "Referer", "TE", "Trailer",
		"Transfer-Encoding", "Upgrade", "Via", "User-Agent", "Proxy-Authorization", "proxy-x", "Sec-Fetch-Mode", "SEC-X",
	} {
		for _, spelt := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			if why, yes := RestrictedHeader(spelt); !yes || why == "" {
				t.Errorf("RestrictedHeader(%q): got %q, %t, want a reason and true", spelt, why, yes)
			}
		}
	}
	for _, name := range []string{"", "Accept", "Authorization", "Content-Type", "X-Sec-Token", "Proxy", "Security", "Cookies", "Notion-Version"} {
		if why, yes := RestrictedHeader(name); yes || why != "" {
			t.Errorf("RestrictedHeader(%q): got %q, %t, want none", name, why, yes)
		}
	}
}

func TestOutgoing(t *testing.T) {
	t.Parallel()
	header, notes, err := outgoing([]Field{
		{"X-A", "1"}, {"X-A", "2"}, {"X-Pd-Proxy-X-B", "3"}, {"x-pd-proxy-x-pd-proxy-c", "4"}, {"content-type", "text/x"}, {"X-Empty", ""},
	}, true)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"x-pd-proxy-X-A": "1,2", "x-pd-proxy-X-B": "3", "x-pd-proxy-x-pd-proxy-c": "4", "x-pd-proxy-content-type": "text/x",
		"Content-Type": "text/x", "x-pd-proxy-X-Empty": "",
	}
	if len(header) != len(want) {
		t.Errorf("got %d headers, want %d: %v", len(header), len(want), header)
	}
	for name, value := range want {
		if got := strings.Join(header[name], ","); got != value {
			t.Errorf("header %s: got %q, want %q", name, got, value)
		}
	}
	if len(notes) != 2 || !strings.Contains(notes[0], "X-B") {
		t.Errorf("notes: got %q, want one for each name that was copied with the prefix", notes)
	}
}

func TestOutgoingRefuses(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		field Field
		want  string // of the error
	}{
		"no name":                    {Field{"", "v"}, "has no name"},
		"the prefix alone":           {Field{"x-pd-proxy-", "v"}, "has no name"},
		"line feed in the name":      {Field{"X-A\nX-B", "v"}, "is no header name"},
		"colon in the name":          {Field{"X-A:", "v"}, "is no header name"},
		"space in the name":          {Field{"X A", "v"}, "is no header name"},
		"a name not ASCII":           {Field{"X-É", "v"}, "is no header name"},
		"a name that shrinks":        {Field{"\u212a", "v"}, "is no header name"}, // its lower case is one byte
		"names that shrink, behind":  {Field{"x-pd-proxy-\u212a\u212a\u212a", "v"}, "is no header name"},
		"line break in the value":    {Field{"X-A", "v\r\nX-B: w"}, "holds a line break"},
		"line feed in the value":     {Field{"X-A", "v\n"}, "holds a line break"},
		"carriage return, value":     {Field{"X-A", "v\rw"}, "holds a line break"},
		"NUL in the value":           {Field{"X-A", "v\x00"}, "control character"},
		"escape in the value":        {Field{"X-A", "\x1b[2J"}, "control character"},
		"restricted":                 {Field{"user-agent", "v"}, "refuses"},
		"restricted, prefixed":       {Field{"X-PD-Proxy-Host", "v"}, "refuses"},
		"restricted family":          {Field{"Sec-Fetch-Mode", "cors"}, "refuses"},
		"a very long name with ends": {Field{strings.Repeat("é", 5000), "v"}, "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := outgoing([]Field{{"X-First", "ok"}, row.field}, true)
			var input *InputError
			if !errors.As(err, &input) || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("outgoing(%q): got %v, want an InputError with %q", row.field, err, row.want)
			}
			if len(err.Error()) > 1000 || strings.ContainsAny(err.Error(), "\r\n\x1b") {
				t.Errorf("the error repeats what was refused: %q", err)
			}
		})
	}
}
