package proxy

import (
	"bytes"
	"encoding/json"
	"time"
)

// User is an external user: one of your own end users, known to Connect since
// an account or a Connect token was made for them.
type User struct {
	ID         string    `json:"id"`          // Connect's own, exu_…
	ExternalID string    `json:"external_id"` // yours, at most 250 characters
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`

	Raw json.RawMessage `json:"-"` // the record as Connect sent it
}

// UnmarshalJSON reads the record and keeps it in Raw.
func (u *User) UnmarshalJSON(data []byte) error {
	type plain User
	u.Raw = bytes.Clone(data)
	return json.Unmarshal(data, (*plain)(u))
}

// UserQuery narrows [Client.Users].
type UserQuery struct {
	Text  string // part of the external id; empty for all
	Limit int    // stop after this many; 0 for no limit
}
