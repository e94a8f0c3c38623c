package variables_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/internal/variables"
	"github.com/connectty/connectty/proxy"
)

func TestFill(t *testing.T) {
	t.Parallel()
	set := variables.Set{
		Own: map[string]string{
			"channel": "C1", "empty": "", "chain": "<{{link}}>", "link": "{{end}}+{{user.id}}", "end": "!",
			"loop": "{{pool}}", "pool": "{{loop}}", "self": "{{self}}", "lost": "{{nowhere}}",
		},
		Values: map[string]string{"user.id": "abc-123", "user.name": "{{channel}}"}, Fields: []string{"subdomain"},
		Now: func() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) },
	}
	tests := map[string]struct{ text, want, missing string }{
		"values":            {"/u/{{user.id}}?c={{ channel }}{{empty}}", "/u/abc-123?c=C1", ""},
		"of the moment":     {"{{$timestamp}} {{$isoTimestamp}}", "1795608000 2026-11-25T12:00:00Z", ""},
		"left for Connect":  {"https://{{subdomain}}.x/{{custom_fields.region}}", "https://{{subdomain}}.x/{{custom_fields.region}}", ""},
		"no names":          {"{{}} {{ 1 }} {{a b}} {{#if x}} { {x} }", "{{}} {{ 1 }} {{a b}} {{#if x}} { {x} }", ""},
		"a chain":           {"{{chain}}", "<!+abc-123>", ""},
		"target values":     {"{{user.name}}", "{{channel}}", ""},
		"missing inside":    {"{{lost}}", "", "no value for {{nowhere}}"},
		"a circle":          {"a {{loop}}", "", "{{loop}} → {{pool}} → {{loop}}: the values name each other in a circle, or grow too long"},
		"itself":            {"{{self}}", "", "{{self}} → {{self}}: the values name each other in a circle, or grow too long"},
		"missing":           {"{{chanel}} {{other}} {{chanel}}", "", `no value for {{chanel}}, {{other}}; did you mean "channel"?`},
		"an unknown moment": {"{{$later}}", "", "no value for {{$later}}"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := tc.text
			err := set.Fill(&text)
			if tc.missing != "" {
				if err == nil || err.Error() != tc.missing || text != tc.text {
					t.Errorf("got %v, and %q", err, text)
				}
				return
			}
			if err != nil || text != tc.want {
				t.Errorf("got %q, %v, want %q", text, err, tc.want)
			}
		})
	}
}

// A moment's values are new each time, and have their form.
func TestMoment(t *testing.T) {
	t.Parallel()
	one, two := "{{$uuid}} {{$randomInt}}", "{{$uuid}}"
	if err := (variables.Set{}).Fill(&one, &two); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} \d{1,3}$`).MatchString(one) || one[:36] == two {
		t.Errorf("got %q and %q", one, two)
	}
}

// Values that double each other neither take for ever nor fill the memory.
func TestGrowth(t *testing.T) {
	t.Parallel()
	for leaf, fails := range map[string]bool{"": false, "x": true} {
		own := map[string]string{"n0": leaf}
		for i := range 60 {
			own[fmt.Sprint("n", i+1)] = fmt.Sprintf("{{n%d}}{{n%d}}", i, i)
		}
		text := "{{n60}}"
		var circle *variables.CircleError
		if err := (variables.Set{Own: own}).Fill(&text); errors.As(err, &circle) != fails {
			t.Errorf("%q: %v", leaf, err)
		}
	}
}

func TestLoose(t *testing.T) {
	t.Parallel()
	set := variables.Set{Own: map[string]string{"a": "1", "near": "2"}, Loose: true}
	text := "{{a}} {{neer}} {{a}}"
	if err := set.Fill(&text); err != nil || text != "1 {{neer}} 1" {
		t.Errorf("got %q, %v", text, err)
	}
	names, hint := set.Missing("{{a}} {{neer}} {{neer}} {{other}}")
	if fmt.Sprint(names) != "[neer other]" || hint != `; did you mean "near"?` {
		t.Errorf("got %q, %q", names, hint)
	}
}

func TestLast(t *testing.T) {
	t.Parallel()
	last := variables.Last(201, []proxy.Field{{Name: "ETag", Value: "v1"}}, strings.NewReader(`{"items":[{"id":7,"name":"x"},{"a.b":[true,null]}],"n":1.50}`))
	for path, want := range map[string]string{
		"status": "201", "headers.etag": "v1", "body.items[0].id": "7", "body.items[0].name": "x", "body.n": "1.50", "body.items[0]": `{"id":7,"name":"x"}`,
		"body.items[9].id": "", "body.items.id": "", "body.nope": "", "body.items[x]": "", "headers.no": "", "status.x": "", "other": "", "body[0]": "",
	} {
		if got, ok := last(path); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", path, got, ok, want)
		}
	}
	if got, ok := variables.Last(200, nil, strings.NewReader(`["a","b"]`))("body[1]"); got != "b" || !ok {
		t.Errorf("of a list: %q, %v", got, ok)
	}
	if _, ok := variables.Last(200, nil, strings.NewReader("<html>"))("body.x"); ok {
		t.Error("no JSON has a value")
	}
	text := "/x/{{last.body.items[0].id}}?s={{last.status}}"
	if err := (variables.Set{Last: last}).Fill(&text); err != nil || text != "/x/7?s=201" {
		t.Errorf("got %q, %v", text, err)
	}
	text = "{{last.body.none}}"
	if err := (variables.Set{Last: last}).Fill(&text); err == nil {
		t.Error("a path that leads nowhere has a value")
	}
}
