package history

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// Sighting is what Connect said of an account when that was new to us.
type Sighting struct {
	At     time.Time
	Health proxy.Health
	Error  string   // Connect's, without secrets
	Scopes []string // authorized ones, sorted
	Name   string

	user string // whose it is; empty where the file does not say
}

func (a *Sighting) equal(b *Sighting) bool {
	return a.Health == b.Health && a.Error == b.Error && a.Name == b.Name && slices.Equal(a.Scopes, b.Scopes)
}

// Saw notes what Connect says of accounts now: of each only what differs from what it
// said before.
func (s *Store) Saw(ctx context.Context, projectID string, env proxy.Environment, accounts []proxy.Account, at time.Time) error {
	if len(accounts) == 0 {
		return nil
	}
	known, err := s.latest(ctx, projectID, accounts)
	if err != nil {
		return fmt.Errorf("read what was seen of accounts: %w", err)
	}
	mask := s.masker(env)
	err = s.change(ctx, func(c *change) error {
		for _, a := range accounts {
			clean, _ := mask.Text(a.Error)
			now := &Sighting{Health: a.Health(), Error: clean, Scopes: slices.Sorted(slices.Values(a.AuthorizedScopes)), Name: a.Name}
			var err error
			switch old := known[a.ID]; {
			case old == nil || !old.equal(now):
				err = c.exec(ctx, `INSERT OR REPLACE INTO sighting (project_id, account_id, at, environment, health, error, scopes, name, external_user_id)
					VALUES (?,?,?,?,?,?,?,?,?)`, projectID, a.ID, at.UnixMicro(), string(env), string(now.Health), now.Error, strings.Join(now.Scopes, " "), now.Name, a.ExternalUserID)
			case a.ExternalUserID != "" && old.user != a.ExternalUserID: // of before the file knew whose it is
				err = c.exec(ctx, "UPDATE sighting SET external_user_id = ? WHERE project_id = ? AND account_id = ?", a.ExternalUserID, projectID, a.ID)
			}
			if err != nil {
				return fmt.Errorf("account %s: %w", a.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note what was seen of accounts: %w", err)
	}
	return nil
}

// few is up to how many accounts are looked up one by one.
const few = 50

// latest is what was seen last of accounts.
func (s *Store) latest(ctx context.Context, projectID string, accounts []proxy.Account) (map[string]*Sighting, error) {
	where, args := "project_id = ?", []any{projectID}
	if len(accounts) <= few {
		where += " AND account_id IN (" + strings.TrimSuffix(strings.Repeat("?,", len(accounts)), ",") + ")"
		for _, a := range accounts {
			args = append(args, a.ID)
		}
	}
	rows, err := s.db.QueryContext(ctx, "SELECT account_id, max(at), health, error, scopes, name, external_user_id FROM sighting WHERE "+where+" GROUP BY account_id", args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	out := make(map[string]*Sighting, len(accounts))
	for rows.Next() {
		var id string
		x, err := scanSighting(rows, &id)
		if err != nil {
			return nil, err
		}
		out[id] = &x
	}
	return out, rows.Err()
}

func scanSighting(rows *sql.Rows, id *string) (Sighting, error) {
	var x Sighting
	var at int64
	var scopes string
	err := rows.Scan(id, &at, &x.Health, &x.Error, &scopes, &x.Name, &x.user)
	x.At, x.Scopes = time.UnixMicro(at).UTC(), strings.Fields(scopes)
	return x, err
}

// Sightings returns what was seen of an account, newest first.
func (s *Store) Sightings(ctx context.Context, projectID, accountID string) ([]Sighting, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT account_id, at, health, error, scopes, name, external_user_id FROM sighting
		WHERE project_id = ? AND account_id = ? ORDER BY at DESC LIMIT ?`, projectID, accountID, defaultLimit)
	if err != nil {
		return nil, fmt.Errorf("read what was seen of account %s: %w", accountID, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var out []Sighting
	for rows.Next() {
		var id string
		x, err := scanSighting(rows, &id)
		if err != nil {
			return nil, fmt.Errorf("read what was seen of account %s: %w", accountID, err)
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// Run is exchanges of an account, one after the other, that ended in the same way.
type Run struct {
	First, Last time.Time
	Count       int
	Finding     diagnose.Finding // Who, Code and Summary of the newest
}

// Works reports that nothing failed.
func (r Run) Works() bool { return r.Finding.Who == diagnose.None }

// mostOfAccount is how many exchanges of an account are looked at.
const mostOfAccount = 5000

// Runs returns how an account's exchanges ended, newest first.
func (s *Store) Runs(ctx context.Context, projectID, accountID string) ([]Run, error) {
	list, err := s.List(ctx, Query{ProjectID: projectID, AccountID: accountID, Limit: mostOfAccount})
	if err != nil {
		return nil, err
	}
	var out []Run
	for _, x := range list {
		if x.Finding.Code == "" || x.Finding.Code == "cancelled" { // nothing came of it
			continue
		}
		if n := len(out) - 1; n >= 0 && out[n].Finding.Who == x.Finding.Who && out[n].Finding.Code == x.Finding.Code {
			out[n].First, out[n].Count = x.StartedAt, out[n].Count+1
			continue
		}
		out = append(out, Run{x.StartedAt, x.StartedAt, 1, x.Finding})
	}
	return out, nil
}
