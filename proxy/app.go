package proxy

import (
	"bytes"
	"encoding/json"
)

// App is one of the APIs that Connect integrates.
type App struct {
	ID               string      `json:"id"`
	Slug             string      `json:"name_slug"`
	Name             string      `json:"name"`
	AuthType         string      `json:"auth_type"` // oauth, keys, none or empty
	Description      string      `json:"description"`
	ImageURL         string      `json:"img_src"`
	CustomFieldsJSON string      `json:"custom_fields_json"` // a JSON array inside a string
	Categories       []string    `json:"categories"`
	Connect          *AppConnect `json:"connect,omitempty"` // nil inside most accounts: ask [Client.App]

	Raw json.RawMessage `json:"-"` // the record as Connect sent it
}

// UnmarshalJSON reads the record and keeps it in Raw.
func (a *App) UnmarshalJSON(data []byte) error {
	type plain App
	a.Raw = bytes.Clone(data)
	return json.Unmarshal(data, (*plain)(a))
}

// AppConnect says what the proxy will do for an app (connect-api.md, "App fields").
type AppConnect struct {
	ProxyEnabled   bool     `json:"proxy_enabled"`
	AllowedDomains []string `json:"allowed_domains"`       // hosts, and with them their subdomains
	BaseURL        string   `json:"base_proxy_target_url"` // may hold {{custom_fields.…}}
}

// AppQuery narrows [Client.Apps].
type AppQuery struct {
	Text  string // part of name or slug; empty for all
	Limit int    // stop after this many; 0 for no limit
}
