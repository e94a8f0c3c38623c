package compare_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/compare"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// side is an answer of an account.
func side(label, account string, who diagnose.Who, code, body string) compare.Side {
	return compare.Side{Label: label, Exchange: history.Exchange{
		Environment: proxy.Development, ExternalUserID: label, Account: history.Account{ID: account, App: "slack"},
		StartedAt: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), Finding: diagnose.Finding{Who: who, Code: code, Summary: code},
		Response: &history.Response{Status: 200, Body: []byte(body)},
	}}
}

var marks = map[compare.Class]string{compare.Same: "=", compare.Noise: "~", compare.Changed: "!", compare.OnlyLeft: "-", compare.OnlyRight: "+"}

// told writes rows as tests compare them; what is the same is left out.
func told(rows []compare.Row) []string {
	out := []string{}
	for _, r := range rows {
		if r.Class != compare.Same {
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s%s %s | %s", marks[r.Class], r.Name, r.Left, r.Right)))
		}
	}
	return out
}

func TestBody(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		left, right string
		want        []string
	}{
		"the same":             {`{"a":1,"b":[1,2]}`, `{ "b": [1, 2], "a": 1 }`, nil},
		"a value":              {`{"ok":true,"n":1}`, `{"ok":false,"n":1}`, []string{"!$.ok true | false"}},
		"a kind":               {`{"a":null}`, `{"a":[1]}`, []string{"!$.a null | [ 1 element ]"}},
		"a member of one":      {`{"a":1,"x":{"y":1}}`, `{"a":1,"z":""}`, []string{"-$.x { 1 member } |", `+$.z  | ""`}},
		"ids and times":        {`{"id":"a1","created_at":"x","nextCursor":"q","t":"2026-11-25T10:00:00Z","n":1764000000}`, `{"id":"b2","created_at":"y","nextCursor":"r","t":"2026-11-26","n":1764000001}`, []string{`~$.id "a1" | "b2"`, `~$.created_at "x" | "y"`, `~$.nextCursor "q" | "r"`, `~$.t "2026-11-25T10:00:00Z" | "2026-11-26"`, "~$.n 1764000000 | 1764000001"}},
		"numbers as sent":      {`{"n":1.0}`, `{"n":1.00}`, []string{"!$.n 1.0 | 1.00"}},
		"an element in front":  {`["b","c"]`, `["a","b","c"]`, []string{`+$[0]  | "a"`}},
		"elements by likeness": {`[{"id":1,"name":"x"},{"id":2,"name":"y"}]`, `[{"id":9,"name":"y"}]`, []string{"-$[0] { 2 members } |", "~$[1].id 2 | 9"}},
		"one replaced":         {`[1,2,3]`, `[1,5,3]`, []string{"!$[1] 2 | 5"}},
		"a name twice":         {`{"a":1,"a":2}`, `{"a":1,"a":3}`, []string{`!$["a (2)"] 2 | 3`}},
		"odd names":            {`{"a b":1,"":2}`, `{"a b":2,"":2}`, []string{`!$["a b"] 1 | 2`}},
		"text":                 {"one\ntwo\nthree\n", "one\n2\nthree\nfour", []string{"!line 2 two | 2", "+line 4  | four"}},
		"JSON and a page":      {`{"ok":true}`, "<html>", []string{`!line 1 {"ok":true} | <html>`}},
		"broken JSON":          {`{"ok":`, `{"ok":`, nil},
		"nothing and a body":   {"", `{"a":1}`, []string{`+line 1  | {"a":1}`}},
		"nothing at all":       {"", "", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := compare.Of(side("l", "apn_1", diagnose.None, "ok", tc.left), side("r", "apn_2", diagnose.None, "ok", tc.right))
			if got := told(c.Body); !slices.Equal(got, tc.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tc.want, "\n"))
			}
		})
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	later := func(s compare.Side) compare.Side {
		s.Exchange.StartedAt = s.Exchange.StartedAt.Add(time.Hour)
		return s
	}
	tests := map[string]struct {
		left, right compare.Side
		want        string
	}{
		"both say the same":  {side("abc", "apn_1", diagnose.None, "ok", "{}"), side("jane", "apn_2", diagnose.None, "ok", "{}"), "both work, and say the same"},
		"only ids differ":    {side("abc", "apn_1", diagnose.None, "ok", `{"id":1}`), side("jane", "apn_2", diagnose.None, "ok", `{"id":2}`), "both work, and say the same"},
		"both work":          {side("abc", "apn_1", diagnose.None, "ok", `{"a":1}`), side("jane", "apn_2", diagnose.None, "ok", `{"a":2}`), "both work; the answers differ in one place"},
		"an account":         {side("abc", "apn_1", diagnose.None, "ok", "{}"), side("jane", "apn_2", diagnose.Account, "missing_scope", "{}"), "the same call works for abc and fails for jane: it is the account of jane"},
		"the other way":      {side("abc", "apn_1", diagnose.Request, "not_found", "{}"), side("jane", "apn_2", diagnose.None, "ok", "{}"), "the same call works for jane and fails for abc: something that the request names is not there for abc"},
		"the third party":    {side("abc", "apn_1", diagnose.None, "ok", "{}"), side("jane", "apn_2", diagnose.Upstream, "rate_limited", "{}"), "the same call works for abc and fails for jane: the third party failed this once or for jane; ask again to tell"},
		"alike":              {side("abc", "apn_1", diagnose.Account, "x", "{}"), side("jane", "apn_2", diagnose.Account, "x", "{}"), "both fail alike, so it is not this one account alone"},
		"each its own way":   {side("abc", "apn_1", diagnose.Account, "x", "{}"), side("jane", "apn_2", diagnose.Upstream, "y", "{}"), "both fail, each in its own way"},
		"it broke":           {side("at 12:00", "apn_1", diagnose.None, "ok", "{}"), later(side("at 13:00", "apn_1", diagnose.Account, "x", "{}")), "it worked at 12:00 and failed at 13:00: something changed in between"},
		"it works again":     {side("at 12:00", "apn_1", diagnose.Account, "x", "{}"), later(side("at 13:00", "apn_1", diagnose.None, "ok", "{}")), "it failed at 12:00 and works since at 13:00"},
		"it fails each time": {side("at 12:00", "apn_1", diagnose.Account, "x", "{}"), later(side("at 13:00", "apn_1", diagnose.Account, "x", "{}")), "it failed both times, and alike"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := compare.Of(tc.left, tc.right).Verdict; got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestFactsAndHeaders(t *testing.T) {
	t.Parallel()
	left, right := side("abc", "apn_1", diagnose.None, "ok", ""), side("jane", "apn_2", diagnose.Account, "missing_scope", "")
	left.Account = &proxy.Account{Healthy: true, AuthorizedScopes: []string{"chat:write", "users:read"}}
	right.Account = &proxy.Account{Healthy: true, AuthorizedScopes: []string{"chat:write", "files:read"}}
	left.Exchange.Response.Headers = []proxy.Field{{Name: "date", Value: "now"}, {Name: "X-OAuth-Scopes", Value: "a"}, {Name: "vary", Value: "a"}, {Name: "Vary", Value: "b"}}
	right.Exchange.Response.Headers = []proxy.Field{{Name: "Date", Value: "then"}, {Name: "X-Oauth-Scopes", Value: "b"}, {Name: "Vary", Value: "a, b"}}
	c := compare.Of(left, right)
	want := []string{
		"!who failed works | this account", "!why ok | missing_scope", "~user abc | jane", "~account apn_1 | apn_2", "-scope users:read |", "+scope  | files:read",
	}
	if got := told(c.Facts); !slices.Equal(got, want) {
		t.Errorf("facts\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got, want := told(c.Headers), []string{"~Date now | then", "!X-Oauth-Scopes a | b"}; !slices.Equal(got, want) {
		t.Errorf("headers %q, want %q", got, want)
	}
	if got, want := told(c.Swapped().Facts)[4], "+scope  | users:read"; got != want {
		t.Errorf("swapped it says %q, want %q", got, want)
	}
}

// A side without an answer, and a body that is too long, are told.
func TestMissing(t *testing.T) {
	t.Parallel()
	left, right := side("abc", "apn_1", diagnose.None, "ok", `{"a":1}`), side("jane", "apn_2", diagnose.Network, "dns", "")
	right.Exchange.Response = nil
	c := compare.Of(left, right)
	if c.Facts[0].Right != "no answer" || len(c.Body) != 1 || c.Body[0].Class != compare.OnlyLeft {
		t.Errorf("got %+v, %+v", c.Facts[0], c.Body)
	}
	long := side("abc", "apn_1", diagnose.None, "ok", `"`+strings.Repeat("x\n", compare.MaxBody)+`"`)
	if c := compare.Of(long, long); c.Cut == "" || len(c.Body) > 20_000 {
		t.Errorf("%d rows, cut %q", len(c.Body), c.Cut)
	}
}

// Whatever the bytes, each is told on its side, and a body never differs from
// itself.
func FuzzOf(f *testing.F) {
	for _, s := range []string{"", "{}", `{"a":[1,{"b":null}]}`, "[", "a\nb", `{"a":1,"a":2}`, "\xff\n\x00", `[[[[`, strings.Repeat("[", 600) + strings.Repeat("]", 600)} {
		f.Add([]byte(s), []byte(`{"a":[2]}`))
	}
	f.Fuzz(func(t *testing.T, l, r []byte) {
		left, right := side("l", "apn_1", diagnose.None, "ok", string(l)), side("r", "apn_2", diagnose.None, "ok", string(r))
		c := compare.Of(left, right)
		if n := compare.Differences(compare.Of(left, left).Body); n != 0 {
			t.Errorf("%q differs from itself in %d places", l, n)
		}
		back := compare.Of(right, left)
		if json.Valid(l) == json.Valid(r) && (compare.Differences(c.Body) == 0) != (compare.Differences(back.Body) == 0) {
			t.Errorf("%q and %q differ in one direction only", l, r)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	text := func(word string) string {
		var sb strings.Builder
		sb.WriteString(`{"data":[`)
		for i := range 8000 {
			if i > 0 {
				sb.WriteByte(',')
			}
			if i%100 == 0 {
				word += "x"
			}
			fmt.Fprintf(&sb, `{"id":"%d-%s","name":"record %d","note":"%s","tags":["a","b"],"created_at":"2026-11-25T10:00:00Z"}`, i, word, i, word)
		}
		return sb.String() + "]}"
	}
	left, right := side("l", "apn_1", diagnose.None, "ok", text("left")), side("r", "apn_2", diagnose.None, "ok", text("right"))
	b.SetBytes(int64(len(left.Exchange.Response.Body) + len(right.Exchange.Response.Body)))
	b.ReportAllocs()
	for b.Loop() {
		compare.Of(left, right)
	}
}

// Two different requests are named.
func TestRequests(t *testing.T) {
	t.Parallel()
	left, right := side("a", "x", diagnose.None, "", "{}"), side("a", "x", diagnose.None, "", "{}")
	left.Exchange.Request, right.Exchange.Request = history.Request{Method: "GET", URL: "https://a.io/x"}, history.Request{Method: "PUT", URL: "https://a.io/x"}
	if r := compare.Of(left, right).Facts[0]; r.Name != "request" || r.Left != "GET https://a.io/x" || r.Right != "PUT https://a.io/x" {
		t.Errorf("got %+v", r)
	}
	if r := compare.Of(left, left).Facts[0]; r.Name != "status" {
		t.Errorf("the same request: got %+v", r)
	}
}
