package remember_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/remember"
)

func TestDraft(t *testing.T) {
	t.Parallel()
	f := remember.In(t.TempDir())
	if _, ok, err := f.Draft("p", ""); ok || err != nil {
		t.Fatalf("before: %v, %v", ok, err)
	}
	d := remember.Draft{
		SavedAt: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), Environment: "development", User: "abc-123", Account: "apn_1",
		Method: "POST", URL: "https://slack.com/api/x?limit=5", Kind: "JSON",
		Params:  []remember.Row{{Name: "limit", Value: "9", Off: true}},
		Headers: []remember.Row{{Name: "X-Trace", Value: "7"}, {Name: "Accept", Value: "*/*", Off: true}},
		Parts:   []remember.Row{{Name: "doc", Value: "notes.txt", File: true}}, Form: []remember.Row{{Name: "a", Value: "1"}},
	}
	d.SetText([]byte("{\"text\": \"grüß dich\"}\n"))
	for _, key := range []string{"p", "q"} {
		if err := f.KeepDraft(key, d, redact.New()); err != nil {
			t.Fatal(err)
		}
	}
	got, ok, err := f.Draft("p", "")
	if err != nil || !ok || !reflect.DeepEqual(got, d) {
		t.Errorf("got %+v, %v, %v, want %+v", got, ok, err, d)
	}
	if err := f.KeepDraft("p", remember.Draft{Method: "GET", Account: "apn_1"}, redact.New()); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := f.Draft("p", ""); ok || err != nil {
		t.Errorf("an empty one is kept: %v, %v", ok, err)
	}
	if _, ok, _ := f.Draft("q", "apn_1"); !ok {
		t.Error("that of another project went with it")
	}
	if err := f.ForgetUser("abc-123"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := f.Draft("q", "apn_1"); ok {
		t.Error("it outlives the user it was for")
	}
}

// Any bytes come back; a body that is too long is left out, and how long it was is
// told.
func TestDraftOfBytes(t *testing.T) {
	t.Parallel()
	f := remember.In(t.TempDir())
	tests := map[string]struct {
		body    []byte
		omitted int
	}{
		"no text": {[]byte("\xff\x00\x1b"), 0},
		"long":    {bytes.Repeat([]byte("x"), 3<<20), 3 << 20},
	}
	for name, tt := range tests {
		d := remember.Draft{URL: "/x"}
		d.SetText(tt.body)
		if err := f.KeepDraft(name, d, redact.New()); err != nil {
			t.Fatal(err)
		}
		got, _, err := f.Draft(name, "")
		if err != nil || got.Omitted != tt.omitted || tt.omitted == 0 && !bytes.Equal(got.Body(), tt.body) || tt.omitted > 0 && got.Body() != nil {
			t.Errorf("%s: %d bytes, %d omitted, %v", name, len(got.Body()), got.Omitted, err)
		}
	}
}

// No secret is in the file, wherever it stood; a hole marks it.
func TestDraftWithoutSecrets(t *testing.T) {
	t.Parallel()
	const given, token = "s3cr3t-of-ours-42", "xoxb-123456789012-abcdefGHIJKL"
	dir := t.TempDir()
	f := remember.In(dir)
	d := remember.Draft{
		URL:     "https://x/?api_key=hunter2hunter2&q=" + given,
		Headers: []remember.Row{{Name: "Authorization", Value: "Bearer abcdefghijklmnop"}, {Name: "X-Note", Value: token}, {Name: "X-Off", Value: given, Off: true}},
		Params:  []remember.Row{{Name: "token", Value: "off but secret", Off: true}},
		Form:    []remember.Row{{Name: "password", Value: "correct horse"}}, Parts: []remember.Row{{Name: "client_secret", Value: "battery staple"}},
	}
	d.SetText([]byte(`{"name": "x", "password": "open sesame", "note": "` + token + `"}`))
	if err := f.KeepDraft("p", d, redact.New(given)); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "drafts", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{given, token, "hunter2", "abcdefghijklmnop", "correct horse", "battery staple", "open sesame", "off but secret"} {
		if strings.Contains(string(data), secret) {
			t.Errorf("%q is in the file:\n%s", secret, data)
		}
	}
	got, _, err := f.Draft("p", "")
	if err != nil || got.Holes != 8 || !strings.Contains(got.Text, redact.Mask) || !strings.HasPrefix(got.Text, `{"name": "x", `) {
		t.Errorf("got %+v, %v", got, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can read it: %v, %v", info.Mode(), err)
	}
}

// Each account has a draft of its own; without an account the newest counts, and of
// very many the oldest go.
func TestDraftsOfAccounts(t *testing.T) {
	t.Parallel()
	f := remember.In(t.TempDir())
	at := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	for i := range 60 {
		d := remember.Draft{SavedAt: at.Add(time.Duration(i) * time.Minute), Account: fmt.Sprint("apn_", i), URL: fmt.Sprint("/", i)}
		if err := f.KeepDraft("p", d, redact.New()); err != nil {
			t.Fatal(err)
		}
	}
	for account, want := range map[string]string{"": "/59", "apn_59": "/59", "apn_30": "/30", "apn_5": "", "apn_99": ""} {
		got, ok, err := f.Draft("p", account)
		if err != nil || got.URL != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, %v, want %q", account, got.URL, ok, err, want)
		}
	}
}

// A spoiled draft is told, and hides no other.
func TestSpoiledDraft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := remember.In(dir)
	if err := f.KeepDraft("p", remember.Draft{Account: "apn_1", URL: "/x"}, redact.New()); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "drafts", "*"))
	if err := os.WriteFile(files[0], []byte(`{"url":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := f.Draft("p", ""); ok || err == nil || !strings.Contains(err.Error(), "the draft ") {
		t.Errorf("got %v, %v", ok, err)
	}
	if err := f.KeepDraft("p", remember.Draft{Account: "apn_2", URL: "/y"}, redact.New()); err == nil {
		t.Error("nothing is told")
	}
	if d, ok, err := f.Draft("p", ""); !ok || d.URL != "/y" || err != nil {
		t.Errorf("got %+v, %v, %v", d, ok, err)
	}
}
