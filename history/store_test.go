package history_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// child names the variable that turns the test binary into a second process, and count the
// one that says how many exchanges it writes; 0 for as many as it can.
const (
	child = "CONNECTTY_HISTORY_CHILD"
	count = "CONNECTTY_HISTORY_COUNT"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(child); path != "" {
		most, _ := strconv.Atoi(os.Getenv(count)) // not said: without end
		if err := write(path, most); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1) //nolint:forbidigo // the child's own end
		}
		return
	}
	os.Exit(m.Run()) //nolint:forbidigo // a TestMain ends its process
}

// write stores exchanges and says each id, until it has so many or is killed.
func write(path string, most int) error {
	ctx := context.Background() //nolint:forbidigo // the root of a process of its own
	s, err := history.Open(ctx, history.Options{Path: path})
	if err != nil {
		return err
	}
	for n := 0; n < most || most == 0; n++ {
		x := sample()
		if err := errors.Join(s.Begin(ctx, x), s.Complete(ctx, x)); err != nil {
			return err
		}
		_, _ = os.Stdout.WriteString(x.ID + "\n")
	}
	return s.Close()
}

func sample() history.Exchange {
	now := time.Now()
	return history.Exchange{
		ID: history.NewID(now), StartedAt: now.UTC().Truncate(time.Microsecond), Profile: "acme", ProjectID: "proj_1",
		BaseURL: "https://api.pipedream.com", Environment: proxy.Development, ExternalUserID: "abc-123",
		Account: history.Account{ID: "apn_1", Name: "Acme workspace", App: "slack"},
		Request: history.Request{
			Method: "POST", URL: "https://slack.com/api/chat.postMessage?a=1",
			Headers: []proxy.Field{{Name: "X-Trace", Value: "1"}, {Name: "Content-Type", Value: "application/json"}},
			Body:    []byte(`{"text":"hi"}`),
		},
		Response: &history.Response{
			Status: 200, Headers: []proxy.Field{{Name: "Content-Type", Value: "application/json"}}, Size: 11, Body: []byte(`{"ok":true}`),
		},
		Timing:   proxy.Timing{DNS: time.Millisecond, Total: 12 * time.Millisecond, Reused: true, Remote: "127.0.0.1:1"},
		Finding:  diagnose.Finding{Who: diagnose.None, Code: "works", Summary: "it works", Evidence: []string{}, Next: []diagnose.Step{}},
		Redacted: []string{},
	}
}

func open(t *testing.T, opts history.Options) *history.Store {
	t.Helper()
	if opts.Path == "" {
		opts.Path = filepath.Join(t.TempDir(), "data", "history.db")
	}
	s, err := history.Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func store(t *testing.T, s *history.Store, x history.Exchange) {
	t.Helper()
	if err := s.Complete(t.Context(), x); err != nil {
		t.Fatal(err)
	}
}

// What is stored is loaded as it was, whole and by the beginning of its id.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	want := sample()
	begun := want
	begun.Response = nil
	if err := s.Begin(t.Context(), begun); err != nil {
		t.Fatal(err)
	}
	store(t, s, want)
	for _, id := range []string{want.ID, want.ID[:len(want.ID)-2]} {
		got, err := s.Load(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	if _, err := s.Load(t.Context(), "zzz"); !errors.Is(err, history.ErrNotFound) {
		t.Errorf("an unknown id: got %v, want ErrNotFound", err)
	}
	other := sample()
	store(t, s, other)
	if _, err := s.Load(t.Context(), want.ID[:4]); !errors.Is(err, history.ErrAmbiguous) {
		t.Errorf("a short id: got %v, want ErrAmbiguous", err)
	}
}

// The file is its owner's alone, and so is the folder that was made for it.
func TestModes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: permission bits say nothing here")
	}
	path := filepath.Join(t.TempDir(), "data", "history.db")
	store(t, open(t, history.Options{Path: path}), sample())
	for name, want := range map[string]os.FileMode{path: 0o600, path + "-wal": 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", filepath.Base(name), got, want)
		}
	}
}

// No secret reaches the disk, wherever it stood: the bytes of the files are
// searched.
func TestNoSecretOnDisk(t *testing.T) {
	t.Parallel()
	const token, client, bearer, key, cookie = "eyJhbGciOi-own-token-1", "client-s3cret-9", "Bearer tok-upstream-77", "key-4711-abc", "sid=cookie-5567"
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path, Secrets: func() []string { return []string{token, client} }})
	x := sample()
	x.Request.URL = "https://u:hidden-pw@api.example.com/x?api_key=" + key + "&q=" + client
	x.Request.Headers = append(x.Request.Headers, proxy.Field{Name: "Authorization", Value: bearer}, proxy.Field{Name: "X-Note", Value: token})
	x.Request.Body = []byte(`{"password":"pass-123456","nested":{"client_secret":{"a":"deep-998877"}},"echo":"` + token + `"}`)
	x.Response.Headers = append(x.Response.Headers, proxy.Field{Name: "Set-Cookie", Value: cookie})
	x.Response.Body = []byte(`{"access_token":"at-554433","text":"` + client + `","slack":"xoxb-12345-abcdef"}`)
	x.Finding.Evidence = []string{"it said " + token}
	store(t, s, x)
	got, err := s.Load(t.Context(), x.ID)
	if err != nil {
		t.Fatal(err)
	}
	var disk []byte
	for _, name := range []string{path, path + "-wal"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		disk = append(disk, data...)
	}
	shown, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{
		token, client, "tok-upstream-77", key, "cookie-5567", "hidden-pw", "pass-123456", "deep-998877", "at-554433", "xoxb-12345-abcdef",
	} {
		if bytes.Contains(disk, []byte(secret)) {
			t.Errorf("%q is on the disk", secret)
		}
		if bytes.Contains(shown, []byte(secret)) { // bodies are packed on disk, so look at them unpacked, too
			t.Errorf("%q can be loaded", secret)
		}
	}
	for _, what := range []string{"request.url", "request.headers.Authorization", "request.body", "response.headers.Set-Cookie", "response.body"} {
		if !slices.Contains(got.Redacted, what) {
			t.Errorf("redacted %v does not tell of %s", got.Redacted, what)
		}
	}
}

// Where bodies are kept without personal data, or not at all, neither a finding nor a note
// quotes it.
func TestNoPersonalDataBeside(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		opts history.Options
		env  proxy.Environment
		want string
	}{
		"production":       {history.Options{}, proxy.Production, "no user [redacted]"},
		"none":             {history.Options{Bodies: history.BodiesNone}, proxy.Development, "no user [redacted]"},
		"full":             {history.Options{}, proxy.Development, "no user jane@acme.io"},
		"production, full": {history.Options{ProductionBodies: history.BodiesFull}, proxy.Production, "no user jane@acme.io"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, tt.opts)
			x := sample()
			x.Environment = tt.env
			const text = "no user jane@acme.io"
			x.Finding = diagnose.Finding{Who: diagnose.Request, Summary: text, Evidence: []string{text}, Next: []diagnose.Step{{Text: text}}}
			store(t, s, x)
			note, ticket := text, "ACME-12"
			if err := s.Annotate(t.Context(), x.ID, history.Annotation{Note: &note, Ticket: &ticket}); err != nil {
				t.Fatal(err)
			}
			y := x
			y.ID, y.Note = history.NewID(time.Now()), text
			store(t, s, y)
			for _, id := range []string{x.ID, y.ID} {
				got, err := s.Load(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				for _, line := range []string{got.Finding.Summary, got.Finding.Evidence[0], got.Finding.Next[0].Text, got.Note} {
					if line != tt.want {
						t.Errorf("got %q, want %q", line, tt.want)
					}
				}
			}
			if found, err := s.Count(t.Context(), history.Query{Text: "jane@acme.io"}); err != nil || found > 0 != strings.Contains(tt.want, "jane") {
				t.Errorf("it is found %d times, %v", found, err)
			}
		})
	}
}

// A person's rules hold wherever an exchange is stored.
func TestRules(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{Redact: redact.Rules{Names: []string{"tax_no"}, Patterns: []*regexp.Regexp{regexp.MustCompile(`CUST-\d+`)}}})
	x := sample()
	x.Request.URL = "https://h.io/?taxNo=DE811&a=CUST-77"
	x.Response.Body = []byte(`{"tax_no":"DE811","a":"of CUST-77","b":"DE811000"}`)
	x.Finding.Summary = "no CUST-77"
	store(t, s, x)
	imported := x
	imported.ID = ""
	next := func() (history.Exchange, error) {
		x := imported
		imported.ID = "end"
		if x.ID != "" {
			return x, io.EOF
		}
		return x, nil
	}
	if done, err := s.Import(t.Context(), next); err != nil || done.Added != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	note := "see CUST-77"
	if err := s.Annotate(t.Context(), x.ID, history.Annotation{Note: &note}); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"DE811", "CUST-77"} {
		if strings.Contains(strings.ReplaceAll(string(lines(t, s)), "DE811000", ""), gone) {
			t.Errorf("%s is kept:\n%s", gone, lines(t, s))
		}
	}
}

// What is kept of bodies follows the settings; a cut shows.
func TestBodies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		opts history.Options
		env  proxy.Environment
		body string
		want string
		cut  bool
	}{
		"full":              {history.Options{}, proxy.Development, `{"mail":"ada@acme.io"}`, `{"mail":"ada@acme.io"}`, false},
		"production":        {history.Options{}, proxy.Production, `{"mail":"ada@acme.io"}`, `{"mail":"[redacted]"}`, false},
		"production, full":  {history.Options{ProductionBodies: history.BodiesFull}, proxy.Production, `ada@acme.io`, `ada@acme.io`, false},
		"none":              {history.Options{Bodies: history.BodiesNone}, proxy.Development, `x`, ``, true},
		"too long":          {history.Options{MaxBody: 4}, proxy.Development, `123456`, `1234`, true},
		"none, and no body": {history.Options{Bodies: history.BodiesNone}, proxy.Development, ``, ``, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, tt.opts)
			x := sample()
			x.Environment = tt.env
			x.Response.Body = []byte(tt.body)
			store(t, s, x)
			got, err := s.Load(t.Context(), x.ID)
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Response.Body) != tt.want || got.Response.BodyTruncated != tt.cut {
				t.Errorf("got %q, cut %v; want %q, %v", got.Response.Body, got.Response.BodyTruncated, tt.want, tt.cut)
			}
		})
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	var ids []string
	for i := range 5 {
		x := sample()
		x.Request.URL = fmt.Sprintf("https://slack.com/api/call%d_100%%", i)
		if i == 3 {
			x.Account.ID, x.ExternalUserID, x.Environment = "apn_2", "jane@acme.io", proxy.Production
		}
		if i == 4 {
			x.Response = nil
		}
		store(t, s, x)
		ids = append(ids, x.ID)
	}
	slices.Reverse(ids) // newest first
	if !slices.IsSortedFunc(ids, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Fatalf("ids do not sort by time: %v", ids)
	}
	tests := map[string]struct {
		q    history.Query
		want []string
	}{
		"all":         {history.Query{}, ids},
		"limit":       {history.Query{Limit: 2}, ids[:2]},
		"before":      {history.Query{Before: ids[1]}, ids[2:]},
		"account":     {history.Query{AccountID: "apn_2"}, ids[1:2]},
		"environment": {history.Query{Environment: proxy.Development}, []string{ids[0], ids[2], ids[3], ids[4]}},
		"words":       {history.Query{Text: "POST call2"}, ids[2:3]},
		"any case":    {history.Query{Text: "JANE"}, ids[1:2]},
		"no wildcard": {history.Query{Text: "call%"}, nil},
		"a percent":   {history.Query{Text: "call1_100%"}, ids[3:4]},
		"nothing":     {history.Query{Text: "zebra"}, nil},
		"project":     {history.Query{ProjectID: "proj_2"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := s.List(t.Context(), tt.q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, x := range list {
				got = append(got, x.ID)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if tt.q.Limit == 0 {
				if n, err := s.Count(t.Context(), tt.q); err != nil || n != len(tt.want) {
					t.Errorf("count is %d, %v; want %d", n, err, len(tt.want))
				}
			}
		})
	}
}

func TestDeleteAndCountSent(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	x := sample()
	store(t, s, x)
	if n, err := s.SentSince(t.Context(), "proj_1", x.StartedAt); err != nil || n != 1 {
		t.Errorf("sent %d, %v; want 1", n, err)
	}
	if n, err := s.SentSince(t.Context(), "proj_1", x.StartedAt.Add(time.Second)); err != nil || n != 0 {
		t.Errorf("sent later %d, %v; want 0", n, err)
	}
	if err := s.Delete(t.Context(), x.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), x.ID); err != nil {
		t.Errorf("twice: %v", err)
	}
	if _, err := s.Load(t.Context(), x.ID); !errors.Is(err, history.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

// kill -9 in the middle of writing: all that was told is there, and whole. Two
// processes write to the same file meanwhile.
func TestKillAndShare(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	told := make(chan []string)
	for range 2 {
		go func() { told <- killed(t, path) }()
	}
	ids := append(<-told, <-told...)
	if len(ids) < 20 {
		t.Fatalf("only %d exchanges were written", len(ids))
	}
	s := open(t, history.Options{Path: path})
	for _, id := range ids {
		x, err := s.Load(t.Context(), id)
		if err != nil {
			t.Fatalf("exchange %s: %v", id, err)
		}
		if string(x.Response.Body) != `{"ok":true}` {
			t.Fatalf("exchange %s lost its body: %q", id, x.Response.Body)
		}
	}
}

// killed runs a child that writes, kills it in the middle, and returns what it
// said was written.
func killed(t *testing.T, path string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), child+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Error(err)
		return nil
	}
	var ids []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		ids = append(ids, lines.Text())
		if len(ids) == 10 {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait() // it was killed
	return ids
}

// What cannot be a history is refused with words, and left as it is.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	newer := filepath.Join(t.TempDir(), "newer.db")
	db, err := sql.Open("sqlite", newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	blocked := filepath.Join(file, "below", "a", "file.db")
	for path, want := range map[string]string{newer: "newer connectty", blocked: "file"} {
		before, _ := os.ReadFile(path) // blocked has none
		s, err := history.Open(t.Context(), history.Options{Path: path})
		if err == nil {
			t.Errorf("%s was opened", path)
			_ = s.Close()
			continue
		}
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "history") {
			t.Errorf("got %v, want the words %q", err, want)
		}
		if after, _ := os.ReadFile(path); path != newer && !bytes.Equal(before, after) {
			t.Errorf("%s was changed", path)
		}
	}
}

// The object's members are a contract: names and order.
func TestJSON(t *testing.T) {
	t.Parallel()
	x := sample()
	x.Response.Body = []byte{0xff, 0xfe}
	x.Timing.Reused, x.Timing.Remote = false, "" // the object holds times only
	data, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, member := range []string{
		`"schema":1`, `"id"`, `"started_at"`, `"profile"`, `"project_id"`, `"base_url"`, `"environment"`, `"external_user_id"`,
		`"account":{"id"`, `"name"`, `"app"`, `"request":{"method"`, `"url"`, `"headers":[["X-Trace","1"]`, `"body"`, `"body_encoding":"utf8"`,
		`"response":{"status"`, `"headers"`, `"size"`, `"body":"//4="`, `"body_encoding":"base64"`, `"body_truncated":false`,
		`"timing":{"dns_ms":1`, `"total_ms":12`, `"finding":{"who"`, `"code"`, `"summary"`, `"evidence":[]`, `"next":[]`,
		`"redacted":[]`, `"note":""`, `"ticket":""`, `"starred":false`,
	} {
		i := bytes.Index(data[at:], []byte(member))
		if i < 0 {
			t.Fatalf("%s is missing, or not in its place, in %s", member, data)
		}
		at += i
	}
	var back history.Exchange
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, x) {
		t.Errorf("got  %+v\nwant %+v", back, x)
	}
	if err := json.Unmarshal([]byte(`{"schema":2}`), &back); err == nil {
		t.Error("an unknown schema was read")
	}
	empty, err := json.Marshal(history.Exchange{})
	if err != nil || bytes.Contains(bytes.Replace(empty, []byte(`"response":null`), nil, 1), []byte("null")) {
		t.Errorf("only the response may be null: %s, %v", empty, err)
	}
}

// A body that is streamed gives the same object as one that is held.
func TestWriteJSON(t *testing.T) {
	t.Parallel()
	for name, body := range map[string][]byte{
		"none": nil, "text": []byte("a\"b\\c\n\u2028<&>\x00\x7f"), "binary": {0xff, 0x00, 0xfe}, "long": bytes.Repeat([]byte("aé世😀"), 40_000),
		"broken at the end": append(bytes.Repeat([]byte("x"), 70_000), 0xe4, 0xb8),
	} {
		x := sample()
		x.Response.Body = body
		var want, got bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(x); err != nil {
			t.Fatal(err)
		}
		x.Response.Body = nil
		if err := history.WriteJSON(&got, x, func() io.Reader { return iotest.OneByteReader(bytes.NewReader(body)) }); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var a, b history.Exchange
		if err := errors.Join(json.Unmarshal(want.Bytes(), &a), json.Unmarshal(got.Bytes(), &b)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: the objects differ:\n%.300s\n%.300s", name, want.String(), got.String())
		}
	}
}

// Ids sort in the order they were made, also when the clock is set back.
func TestNewID(t *testing.T) {
	t.Parallel()
	now := time.Now()
	last := ""
	for i := range 10_000 {
		id := history.NewID(now.Add(-time.Duration(i) * time.Second))
		if id <= last {
			t.Fatalf("%q does not follow %q", id, last)
		}
		last = id
	}
}

// What cannot be read is set aside with all that belongs to it, and a new history begins.
func TestSetAside(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s, err := history.Open(t.Context(), history.Options{Path: path})
	if err != nil || s.SetAside() != "" {
		t.Fatal(s.SetAside(), err)
	}
	store(t, s, sample())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"no database": bytes.Repeat([]byte("no database "), 1000), "its head is gone": append(make([]byte, 4096), whole[4096:]...),
		"cut in its first page": whole[:1000],
	} {
		path := filepath.Join(t.TempDir(), "history.db")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, history.Options{Path: path})
		kept, err := os.ReadFile(s.SetAside())
		if err != nil || !bytes.Equal(kept, text) {
			t.Errorf("%s: %q holds something else: %v", name, s.SetAside(), err)
		}
		store(t, s, sample())
		if n, err := s.Count(t.Context(), history.Query{}); n != 1 || err != nil {
			t.Errorf("%s: %d in the new one, %v", name, n, err)
		}
	}
}

func TestAnnotate(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-of-ours"
	s := open(t, history.Options{Secrets: func() []string { return []string{secret} }})
	x := sample()
	x.Ticket = "ACME-12"
	if err := s.Begin(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	note, on := "it is "+secret+" and xoxb-1234567890-abcdef", true
	if err := s.Annotate(t.Context(), "last", history.Annotation{Note: &note, Starred: &on}); err != nil {
		t.Fatal(err)
	}
	if err := s.Complete(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	got, err := s.Load(t.Context(), x.ID)
	if err != nil || got.Note != "it is [redacted] and [redacted]" || !got.Starred || got.Ticket != "ACME-12" {
		t.Errorf("got %q, %v, %q, %v", got.Note, got.Starred, got.Ticket, err)
	}
	none, off := "", false
	if err := s.Annotate(t.Context(), x.ID, history.Annotation{Ticket: &none, Starred: &off}); err != nil {
		t.Fatal(err)
	}
	if got, err = s.Load(t.Context(), x.ID); err != nil || got.Ticket != "" || got.Starred || got.Note == "" {
		t.Errorf("taken off: %q, %v, %q, %v", got.Ticket, got.Starred, got.Note, err)
	}
	if err := s.Annotate(t.Context(), "0zzzz", history.Annotation{}); !errors.Is(err, history.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// Exchanges are found by ticket and star, and tickets are offered newest first.
func TestTickets(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	if _, err := s.Load(t.Context(), "last"); !errors.Is(err, history.ErrNotFound) {
		t.Errorf("an empty history has a last one: %v", err)
	}
	for i, ticket := range []string{"A-1", "", "B-2", "A-1"} {
		x := sample()
		x.ID, x.Ticket, x.Starred = fmt.Sprintf("06%d", i), ticket, i == 2
		if err := s.Complete(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	tests := map[string]string{
		"ticket:A-1": "063 060", "ticket:B-2 slack": "062", "ticket:B-2 nothing": "", "starred:": "062", "starred:no": "063 062 061 060", "": "063 062 061 060", "ticket:a-1": "063 060",
	}
	for text, want := range tests {
		list, err := s.List(t.Context(), history.ParseQuery(text))
		var ids []string
		for _, x := range list {
			ids = append(ids, x.ID)
		}
		if got := strings.Join(ids, " "); err != nil || got != want {
			t.Errorf("%q finds %q, %v, want %q", text, got, err, want)
		}
	}
	if got, err := s.Tickets(t.Context(), 10); err != nil || !slices.Equal(got, []string{"A-1", "B-2"}) {
		t.Errorf("tickets %q, %v", got, err)
	}
}
