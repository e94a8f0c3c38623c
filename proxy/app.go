package proxy

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
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
	FeaturedWeight   float64     `json:"featured_weight"`
	ScopeProfiles    []Scopes    `json:"scope_profiles"`
	Connect          *AppConnect `json:"connect,omitempty"` // nil inside most accounts: ask [Client.App]

	Raw json.RawMessage `json:"-"` // the record as Connect sent it
}

// UnmarshalJSON reads the record and keeps it in Raw.
func (a *App) UnmarshalJSON(data []byte) error {
	type plain App
	a.Raw = bytes.Clone(data)
	return json.Unmarshal(data, (*plain)(a))
}

// Ref is what Connect finds the app by: its slug, or its id where a record lacks that.
func (a *App) Ref() string { return cmp.Or(a.Slug, a.ID) }

// FieldNames are the names of the fields that Connect keeps of the app's accounts.
func (a *App) FieldNames() []string {
	var fields []struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal([]byte(a.CustomFieldsJSON), &fields) // what cannot be read names none
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Name
	}
	return out
}

// AppConnect says what the proxy will do for an app (connect-api.md, "App fields").
type AppConnect struct {
	ProxyEnabled   bool     `json:"proxy_enabled"`
	AllowedDomains []string `json:"allowed_domains"`       // hosts, and with them their subdomains
	BaseURL        string   `json:"base_proxy_target_url"` // may hold {{custom_fields.…}}
}

// Scopes is a named set of OAuth scopes that an app asks for.
type Scopes struct {
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
}

// AppQuery narrows [Client.Apps].
type AppQuery struct {
	Text       string   // part of name or slug; empty for all
	Categories []string // appcat_… ids, any of them; empty for all
	Sort       string   // name, name_slug or featured_weight; empty for Connect's order
	Descending bool
	// The filters by what Pipedream offers beside the proxy; false for all.
	HasComponents, HasActions, HasTriggers bool
	Limit                                  int // stop after this many; 0 for no limit
}

func (q AppQuery) values() url.Values {
	v := set("q", q.Text, "sort_key", q.Sort)
	if q.Descending {
		v.Set("sort_direction", "desc")
	}
	for _, id := range q.Categories {
		v.Add("category_ids", id)
	}
	for name, on := range map[string]bool{"has_components": q.HasComponents, "has_actions": q.HasActions, "has_triggers": q.HasTriggers} {
		if on {
			v.Set(name, "true")
		}
	}
	return v
}
