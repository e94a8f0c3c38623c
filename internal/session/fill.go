package session

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/connectty/connectty/internal/variables"
	"github.com/connectty/connectty/proxy"
)

// Fill returns a request with values in the place of {{names}}, where it asks for
// that: its own values, and those of whom it acts for. Names of the account's custom
// fields are left for Connect. A name without a value is a [*proxy.InputError].
func (s *Session) Fill(req Request) (Request, error) {
	if req.Variables == nil {
		return req, nil
	}
	t := req.Target
	set := variables.Set{Values: variables.Of(s.profile.ProjectID, t.Environment, t.ExternalUserID, t.Account), Fields: customFields(t.Account.App, req.App), Now: s.now}
	own := maps.Clone(req.Variables)
	for name, value := range own { // a value may name others, not in circles
		inner := value
		if err := set.With(without(own, name)).Fill(&inner); err == nil {
			own[name] = inner
		}
	}
	set = set.With(own)
	out, body := req, string(req.Body)
	out.Variables, out.Headers = nil, slices.Clone(req.Headers)
	texts := []*string{&out.URL, &body}
	for i := range out.Headers {
		texts = append(texts, &out.Headers[i].Name, &out.Headers[i].Value)
	}
	err := set.Fill(texts...)
	if missing, ok := errors.AsType[*variables.MissingError](err); ok {
		return req, &proxy.InputError{
			Field: "variables", Reason: missing.Error(), Hint: "give it a value: @name = value in the file, or http-client.env.json beside it",
		}
	}
	if req.Body != nil {
		out.Body = []byte(body)
	}
	return out, err
}

func without(values map[string]string, name string) map[string]string {
	out := maps.Clone(values)
	delete(out, name)
	return out
}

// customFields are the names that an app's accounts have fields of.
func customFields(app proxy.App, known *proxy.App) []string {
	raw := app.CustomFieldsJSON
	if raw == "" && known != nil {
		raw = known.CustomFieldsJSON
	}
	var fields []struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal([]byte(raw), &fields) // without names there is nothing to leave
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Name
	}
	return out
}
