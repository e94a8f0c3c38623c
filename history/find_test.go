package history_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// found lists what a query finds, by the last part of its URL.
func found(t *testing.T, s *history.Store, q history.Query) string {
	t.Helper()
	list, err := s.List(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, x := range list {
		out = append(out, x.Request.URL[strings.LastIndexByte(x.Request.URL, '/')+1:])
	}
	return strings.Join(out, " ")
}

// told is a small history that has something of everything.
func told(t *testing.T, s *history.Store) {
	t.Helper()
	day := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	var all []history.Exchange
	for i, change := range []func(x *history.Exchange){
		func(x *history.Exchange) { x.Request.URL = "https://slack.com/api/a" },
		func(x *history.Exchange) {
			x.Request.URL, x.Account, x.Response.Status = "https://acme.zendesk.com/api/v2/tickets/b", history.Account{ID: "apn_1a2b3c", Name: "Hilfe für Jäger", App: "zendesk"}, 404
			x.Finding = diagnose.Finding{Who: diagnose.Request, Code: "not_found", Summary: "nothing stands there"}
		},
		func(x *history.Exchange) {
			x.Request.URL, x.Request.Method, x.Response.Status = "https://slack.com/api/c", "GET", 500
			x.Response.Body = []byte(`{"text":"東京都の天気","error":"missing_scope","id":"U0_77x"}`)
		},
		func(x *history.Exchange) {
			x.Request.URL, x.Response, x.ExternalUserID, x.Environment = "https://slack.com/api/d", nil, "Jane Doe", proxy.Production
		},
		func(x *history.Exchange) {
			x.Request.URL, x.Starred, x.Ticket = "https://slack.com/api/e", true, "ACME-12"
		},
	} {
		x := sample()
		x.StartedAt = day.AddDate(0, 0, i)
		x.ID = "" // an import gives one of its time
		change(&x)
		all = append(all, x)
	}
	_, err := s.Import(t.Context(), func() (history.Exchange, error) {
		if len(all) == 0 {
			return history.Exchange{}, io.EOF
		}
		x := all[0]
		all = all[1:]
		return x, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{ProductionBodies: history.BodiesFull})
	told(t, s)
	tests := map[string]string{
		"":                                       "e d c b a",
		"slack":                                  "e d c a",
		"SLA":                                    "e d c a",
		"lack":                                   "", // in the middle of a word
		"tick":                                   "b",
		"v2/tick":                                "b",
		"apn_1a2":                                "b",
		"1a2b":                                   "b",
		"jager":                                  "b",
		"Jäger hilfe":                            "b",
		"京都":                                     "c",
		"天":                                      "c",
		"都京":                                     "",
		"missing_scope":                          "c",
		"missing-scope":                          "",
		"u0_77":                                  "c",
		"slack missing":                          "c",
		"missing app:zendesk":                    "",
		"z":                                      "b",
		"sl":                                     "e d c a",
		"g":                                      "c",
		"x-trace":                                "e d c b a",
		"app:zendesk":                            "b",
		"APP:Zendesk tickets":                    "b",
		"status:404":                             "b",
		"status:5xx":                             "c",
		"status:none":                            "d",
		"method:get":                             "c",
		`user:"Jane Doe"`:                        "d",
		"user:jane":                              "",
		"env:prod":                               "d",
		"env:dev api":                            "e c b a",
		"who:request":                            "b",
		"ticket:ACME-12":                         "e",
		"starred: slack":                         "e",
		"account:apn_1 method:post":              "e d a",
		"after:2026-11-04":                       "e d",
		"before:2026-11-02":                      "a",
		"after:2026-11-02 before:2026-11-04 api": "c b",
		"nothing_stands":                         "",
		"\"nothing stands\"":                     "b",
		"ACME-12":                                "e",
		"%":                                      "",
		"api* OR slack":                          "",
		`"`:                                      "e d c b a",
	}
	for text, want := range tests {
		if got := found(t, s, history.ParseQuery(text)); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
		q := history.ParseQuery(text)
		if n, err := s.Count(t.Context(), q); err != nil || n != len(strings.Fields(want)) {
			t.Errorf("%q counts %d, %v, want %d", text, n, err, len(strings.Fields(want)))
		}
	}
	for _, text := range []string{"slack", "", "status:2xx", "s"} {
		q := history.ParseQuery(text)
		q.Limit, q.Skip = 1, 1
		all := strings.Fields(found(t, s, history.ParseQuery(text)))
		if got := found(t, s, q); got != all[1] {
			t.Errorf("%q, the second: %q of %q", text, got, all)
		}
	}
}

// What a person puts on an exchange is found at once, what is deleted no more, and it can
// be put back.
func TestFindFollows(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	x := sample()
	if err := s.Begin(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	has := func(text string, want int) {
		t.Helper()
		if n, err := s.Count(t.Context(), history.ParseQuery(text)); err != nil || n != want {
			t.Errorf("%q: %d, %v, want %d", text, n, err, want)
		}
	}
	has("chat.post", 1) // under way
	note := "seen by Zebra"
	if err := s.Annotate(t.Context(), x.ID, history.Annotation{Note: &note}); err != nil {
		t.Fatal(err)
	}
	has("zebra", 1)
	if err := s.Complete(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	has("zebra works", 1)
	whole, err := s.Load(t.Context(), x.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), x.ID); err != nil {
		t.Fatal(err)
	}
	has("zebra", 0)
	if err := s.Restore(t.Context(), []history.Exchange{whole}); err != nil {
		t.Fatal(err)
	}
	has("zebra", 1)
	again, err := s.Load(t.Context(), x.ID)
	if !reflect.DeepEqual(whole, again) || err != nil {
		t.Errorf("put back: %v\n%+v, was\n%+v", err, again, whole)
	}
}

// Equal bodies are kept once, and go with the last that has them.
func TestSharedBodies(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path})
	var ids []string
	for range 3 {
		x := sample()
		store(t, s, x)
		ids = append(ids, x.ID)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	bodies := func() (n int) {
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM body").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := bodies(); n != 2 {
		t.Errorf("%d bodies, want one asked and one answered", n)
	}
	for i, id := range ids {
		if err := s.Delete(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if i < 2 {
			if x, err := s.Load(t.Context(), ids[2]); err != nil || string(x.Response.Body) != `{"ok":true}` {
				t.Errorf("the last one has %q, %v", x.Response.Body, err)
			}
		}
	}
	if n := bodies(); n != 0 {
		t.Errorf("%d bodies are left", n)
	}
}

// A file of each earlier schema is brought forward: all is there, and found.
func TestMigrations(t *testing.T) {
	t.Parallel()
	for version := 1; version <= history.Schemas-1; version++ {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("schema%d.db", version))
		dumped := min(version, 3) // later ones have tables of FTS5, which no dump brings back: they are brought forward
		old, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("schema%d.sql", dumped)))
		if err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), string(old)); err != nil {
			t.Fatal(err)
		}
		for from := dumped; from < version; from++ {
			if err := history.Step(t.Context(), db, from); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		s := open(t, history.Options{Path: path})
		check := func() {
			t.Helper()
			if got := found(t, s, history.ParseQuery("conversations.list")); got != "conversations.list" {
				t.Errorf("schema %d: found %q", version, got)
			}
			if got := found(t, s, history.ParseQuery("missing_scope")); got != "conversations.list" {
				t.Errorf("schema %d: in the body: %q", version, got)
			}
			if got := found(t, s, history.Query{}); got != "chat.postMessage conversations.list" {
				t.Errorf("schema %d: %q", version, got)
			}
		}
		check()
		x, err := s.Load(t.Context(), "last")
		if err != nil || string(x.Request.Body) != `{"text":"hello"}` || x.Note != "a note" || !x.Starred {
			t.Errorf("schema %d: %+v, %v", version, x, err)
		}
		if n, err := s.Index(t.Context()); n != 2 || err != nil {
			t.Errorf("schema %d: indexed %d, %v", version, n, err)
		}
		check()
		if n, err := s.Index(t.Context()); n != 0 || err != nil {
			t.Errorf("schema %d: once more %d, %v", version, n, err)
		}
	}
}

func TestParseQuery(t *testing.T) {
	t.Parallel()
	tests := map[string]history.Query{
		"a  b":                                {Text: "a b"},
		`user:"Jane Doe" x`:                   {ExternalUserID: "Jane Doe", Text: "x"},
		"app: x":                              {Text: "x", Misread: "app:: give its name, such as slack"}, // not typed to its end
		"status:9xx status:abc":               {Status: "9xx", Misread: "status:abc: give a number such as 404, a class such as 5xx, or none where no answer came"},
		"who:nobody":                          {Misread: "who:nobody: give who failed: request, setup, network, connect, account, upstream or unknown; none where it worked"},
		"who:acc status:none starred:no":      {Who: "account", Status: "none"},
		"foo:bar":                             {Text: "foo:bar"},
		"http://x/y":                          {Text: "http://x/y"},
		"env:nowhere":                         {Misread: "env:nowhere: give development or production"},
		"after:2026-13-45":                    {Misread: "after:2026-13-45: give a day such as 2026-11-01, a month, today, yesterday, or how long ago: 90m, 12h, 7d, 3w, 1y"},
		"Method:post STATUS:5XX":              {Method: "POST", Status: "5xx"},
		"starred:":                            {Starred: true},
		"account:apn_1 project:p who:account": {AccountID: "apn_1", ProjectID: "p", Who: "account"},
	}
	for text, want := range tests {
		if got := history.ParseQuery(text); got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
	q := history.ParseQuery("after:7d")
	if d := time.Since(q.After); d < 7*24*time.Hour || d > 7*24*time.Hour+time.Minute {
		t.Errorf("7d is %s ago", d)
	}
	if q := history.ParseQuery("after:2025 before:2026-02"); q.After.Year() != 2025 || q.Until.Month() != time.February {
		t.Errorf("got %+v", q)
	}
	if q := history.ParseQuery("after:today before:2999-01-01"); q.After.IsZero() || q.Until.Year() != 2999 {
		t.Errorf("got %+v", q)
	}
}

// generate makes a history: bodies of about 2 kB, of which some three in ten are like no
// other.
func generate(tb testing.TB, s *history.Store, rows, size int) {
	tb.Helper()
	start := time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)
	step := 365 * 24 * time.Hour / time.Duration(rows)
	apps := []string{"slack", "github", "zendesk", "stripe", "notion", "gmail", "hubspot", "linear"}
	i := 0
	filler := strings.Repeat("lorem ipsum dolor sit amet ", size/27+1)[:size]
	_, err := s.Import(tb.Context(), func() (history.Exchange, error) {
		if i == rows {
			return history.Exchange{}, io.EOF
		}
		at := start.Add(step * time.Duration(i))
		app := apps[i%len(apps)]
		body := fmt.Sprintf(`{"ok":%t,"id":"msg_%d","text":"word%d %s"}`, i%7 != 0, i%(rows*3/10+1), i%5000, filler)
		x := history.Exchange{
			StartedAt: at, Profile: "acme", ProjectID: "proj_1", BaseURL: "https://api.pipedream.com",
			Environment: proxy.Development, ExternalUserID: fmt.Sprintf("user-%d", i%3000),
			Account:  history.Account{ID: fmt.Sprintf("apn_%06d", i%6000), Name: fmt.Sprintf("Account %d", i%6000), App: app},
			Request:  history.Request{Method: "GET", URL: fmt.Sprintf("https://%s.com/api/v1/things/%d?limit=50", app, i)},
			Response: &history.Response{Status: []int{200, 200, 200, 200, 404, 401, 429, 500}[i*7%8], Headers: []proxy.Field{{Name: "Content-Type", Value: "application/json"}}, Size: int64(len(body)), Body: []byte(body)},
			Finding:  diagnose.Finding{Who: diagnose.None, Code: "works", Summary: "it works"},
		}
		if i == rows/3 {
			x.Note = "zyzzyva"
		}
		i++
		return x, nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// A page in the middle of the history, and what is behind it.
func TestSkip(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	generate(t, s, 300, 100)
	all, err := s.List(t.Context(), history.Query{ProjectID: "proj_1", Limit: 1000})
	if err != nil || len(all) != 300 {
		t.Fatal(len(all), err)
	}
	for _, q := range []history.Query{{ProjectID: "proj_1"}, {ProjectID: "proj_1", Text: "things"}, {Status: "2xx"}} {
		q.Limit = 1000
		whole, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		q.Skip, q.Limit = 57, 20
		part, err := s.List(t.Context(), q)
		if err != nil || len(part) != 20 || !slices.EqualFunc(part, whole[57:77], func(a, b history.Exchange) bool { return a.ID == b.ID }) {
			t.Errorf("%+v: another page, %v", q, err)
		}
	}
}

// Many may look for words that have to be compared, at once.
func TestFindTogether(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	for range 30 {
		store(t, s, sample())
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			for range 20 {
				if list, err := s.List(ctx, history.Query{Text: "x-trace"}); err != nil || len(list) != 30 {
					t.Errorf("found %d, %v", len(list), err)
					return
				}
			}
		})
	}
	all.Wait()
}

// Whatever is typed finds something or nothing.
func FuzzFind(f *testing.F) {
	s, err := history.Open(f.Context(), history.Options{Path: filepath.Join(f.TempDir(), "history.db")})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	x := sample()
	if err := errors.Join(s.Begin(f.Context(), x), s.Complete(f.Context(), x)); err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{"", "slack", "\u0301", "\ufe0f", `"`, "::", "-", "\xff", "status:4xx \"", "東京 a", "app:\"x y\" z*", "after:9999999d", "a NOT b", "日"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := history.ParseQuery(text)
		list, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if n, err := s.Count(t.Context(), q); err != nil || n != len(list) {
			t.Fatalf("%q: counted %d, listed %d, %v", text, n, len(list), err)
		}
	})
}

// What begins like a word is found whole, however many newer ones have the word itself.
func TestFindIsWhole(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	generate(t, s, 100, 100)
	var all []history.Exchange
	for i := range 300 {
		x := sample()
		x.ID, x.StartedAt = "", time.Date(2024, 1, 1, 0, 0, i, 0, time.UTC)
		x.Request.URL = fmt.Sprintf("https://a.io/invoice/%d", i)
		if i%3 > 0 {
			x.Request.URL = fmt.Sprintf("https://a.io/invoices/%d", i)
		}
		all = append(all, x)
	}
	if _, err := s.Import(t.Context(), each(all...)); err != nil {
		t.Fatal(err)
	}
	if got := found(t, s, history.Query{Text: "invoice", Limit: 4}); got != "299 298 297 296" {
		t.Errorf("found %s", got)
	}
	if got := found(t, s, history.Query{Text: "invoice", Limit: 4, Quick: true}); !strings.Contains(got, "297") {
		t.Errorf("at once: found %s", got)
	}
}
