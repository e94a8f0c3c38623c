package variables_test

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"github.com/connectty/connectty/internal/variables"
)

func TestFill(t *testing.T) {
	t.Parallel()
	set := variables.Set{
		Values: map[string]string{"user.id": "abc-123", "channel": "C1", "empty": ""}, Fields: []string{"subdomain"},
		Now: func() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) },
	}
	tests := map[string]struct{ text, want, missing string }{
		"values":            {"/u/{{user.id}}?c={{ channel }}{{empty}}", "/u/abc-123?c=C1", ""},
		"of the moment":     {"{{$timestamp}} {{$isoTimestamp}}", "1795608000 2026-11-25T12:00:00Z", ""},
		"left for Connect":  {"https://{{subdomain}}.x/{{custom_fields.region}}", "https://{{subdomain}}.x/{{custom_fields.region}}", ""},
		"no names":          {"{{}} {{ 1 }} {{a b}} {{#if x}} { {x} }", "{{}} {{ 1 }} {{a b}} {{#if x}} { {x} }", ""},
		"missing":           {"{{chanel}} {{other}} {{chanel}}", "", `no value for {{chanel}}, {{other}}; did you mean "channel"?`},
		"an unknown moment": {"{{$later}}", "", "no value for {{$later}}"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := tc.text
			err := set.Fill(&text)
			if tc.missing != "" {
				var missing *variables.MissingError
				if !errors.As(err, &missing) || err.Error() != tc.missing || text != tc.text {
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
