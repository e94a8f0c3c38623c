package history_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
)

// onDisk reports that a text stands in the file or its write-ahead log.
func onDisk(t *testing.T, path, text string) bool {
	t.Helper()
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + end)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if strings.Contains(string(data), text) {
			return true
		}
	}
	return false
}

// What was seen of a user's accounts goes with the user, also where nothing was sent for
// them.
func TestPurgeOfWhatWasOnlySeen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path})
	accounts := []proxy.Account{{ID: "apn_1", Name: "jane@acme.example", ExternalUserID: "jane"}, {ID: "apn_2", Name: "the other", ExternalUserID: "joe"}}
	if err := s.Saw(t.Context(), "proj_1", proxy.Development, accounts, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Purge(t.Context(), "jane"); err != nil {
		t.Fatal(err)
	}
	left, err := s.Sightings(t.Context(), "proj_1", "apn_2")
	if onDisk(t, path, "jane@acme.example") || err != nil || len(left) != 1 {
		t.Errorf("jane is still there, or joe is not: %+v, %v", left, err)
	}
}

// Old sightings go with old exchanges, but for the last of each account.
func TestPruneOfWhatWasSeen(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	at := time.Now().AddDate(-1, 0, 0)
	for i, problem := range []string{"", "invalid_grant", ""} {
		account := proxy.Account{ID: "apn_1", Error: problem, ExternalUserID: "jane"}
		if err := s.Saw(t.Context(), "proj_1", proxy.Development, []proxy.Account{account}, at.AddDate(0, 0, i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Prune(t.Context(), time.Now().AddDate(0, -1, 0), 0); err != nil {
		t.Fatal(err)
	}
	left, err := s.Sightings(t.Context(), "proj_1", "apn_1")
	if err != nil || len(left) != 1 || left[0].Error != "" {
		t.Errorf("got %+v, %v", left, err)
	}
}

// A purge is done only when nothing can be read in the file any more: it waits for who is
// reading, and says so when that does not end.
func TestPurgeWaitsForReaders(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path})
	x := sample()
	x.ExternalUserID, x.Note = "jane", "told-in-confidence"
	store(t, s, x)
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	reader, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reader.QueryRowContext(t.Context(), "SELECT count(*) FROM exchange").Scan(&n); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := s.Purge(short, "jane"); err == nil {
		t.Error("it is done, they say, and somebody reads what was there before")
	}
	ended := make(chan error, 1)
	time.AfterFunc(300*time.Millisecond, func() { ended <- reader.Rollback() })
	if _, err := s.Purge(t.Context(), "jane"); err != nil || onDisk(t, path, "told-in-confidence") {
		t.Errorf("still there, %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for _, table := range []string{"find", "recent"} { // and no word of it
		if _, err := db.ExecContext(t.Context(), "CREATE VIRTUAL TABLE temp.words_"+table+" USING fts5vocab(main, "+table+", row)"); err != nil {
			t.Fatal(err)
		}
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM temp.words_"+table+" WHERE term = 'confidence'").Scan(&n); err != nil || n != 0 {
			t.Errorf("%s holds the word, %v", table, err)
		}
	}
}
