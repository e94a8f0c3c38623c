package proxy

import (
	"bytes"
	"encoding/json"
	"time"
)

// Account is one connected app of one external user. It never carries
// credentials: the client does not ask for them.
type Account struct {
	ID               string     `json:"id"`          // apn_…
	Name             string     `json:"name"`        // empty when Connect has none
	ExternalUserID   string     `json:"external_id"` // whose account it is
	Healthy          bool       `json:"healthy"`     // false: Connect's last refresh failed and is tried again
	Dead             bool       `json:"dead"`        // true: no longer active (Connect's null reads as false)
	App              App        `json:"app"`         // may hold no more than ID and Name
	CreatedAt        time.Time  `json:"created_at"`
	UpdatedAt        time.Time  `json:"updated_at"`
	AuthorizedScopes []string   `json:"authorized_scopes"` // empty unless OAuth
	ExpiresAt        *time.Time `json:"expires_at"`
	Error            string     `json:"error"` // why it is unhealthy, in Connect's words
	LastRefreshedAt  *time.Time `json:"last_refreshed_at"`
	NextRefreshAt    *time.Time `json:"next_refresh_at"`

	Raw json.RawMessage `json:"-"` // the record as Connect sent it
}

// UnmarshalJSON reads the record and keeps it in Raw.
func (a *Account) UnmarshalJSON(data []byte) error {
	type plain Account
	a.Raw = bytes.Clone(data)
	return json.Unmarshal(data, (*plain)(a))
}

// Label is what a person knows the account by: its name, else its id.
func (a Account) Label() string {
	if a.Name != "" {
		return a.Name
	}
	return a.ID
}

// Health is an account's state in one word.
type Health string

// The states of an account, from Connect's healthy and dead.
const (
	Healthy   Health = "healthy"
	Unhealthy Health = "unhealthy"
	Dead      Health = "dead"
)

// ParseHealth reads one of the three words; the empty string stands for any.
func ParseHealth(s string) (Health, error) {
	switch h := Health(s); h {
	case "", Healthy, Unhealthy, Dead:
		return h, nil
	default:
		return "", &InputError{Field: "health", Value: s, Reason: "is not a state", Hint: "use healthy, unhealthy or dead"}
	}
}

// Health joins the two flags of the API: dead wins.
func (a Account) Health() Health {
	switch {
	case a.Dead:
		return Dead
	case a.Healthy:
		return Healthy
	default:
		return Unhealthy
	}
}

// AccountQuery narrows [Client.Accounts]. Health is filtered here, as the API
// cannot; the others are filtered by Connect.
type AccountQuery struct {
	ExternalUserID string // empty for all users of the project
	App            string // slug or id; empty for all
	OAuthAppID     string // oa_…: only those of that OAuth client; empty for all
	Health         Health // empty for any
	Limit          int    // stop after this many; 0 for no limit
}
