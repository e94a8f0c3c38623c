package session

import (
	"slices"

	"github.com/connectty/connectty/internal/variables"
	"github.com/connectty/connectty/proxy"
)

// Names are the values that {{names}} of a request have: its own, those of whom it acts
// for, and those of the answer before.
func (s *Session) Names(req Request) variables.Set {
	t := req.Target
	return variables.Set{
		Own: req.Variables, Values: variables.Of(s.profile.ProjectID, t.Environment, t.ExternalUserID, t.Account),
		Last: req.Last, Fields: customFields(t.Account.App, req.App), Now: s.now, Loose: req.Loose,
	}
}

// Fill returns a request with values in the place of {{names}}, where it asks for
// that. Names of the account's custom fields are left for Connect. A name without a
// value is a [*proxy.InputError].
func (s *Session) Fill(req Request) (Request, error) {
	if req.Variables == nil {
		return req, nil
	}
	out, body := req, string(req.Body)
	out.Variables, out.Headers = nil, slices.Clone(req.Headers)
	out.Parts = slices.Clone(req.Parts)
	texts := []*string{&out.URL, &body}
	for i := range out.Headers {
		texts = append(texts, &out.Headers[i].Name, &out.Headers[i].Value)
	}
	for i := range out.Parts {
		texts = append(texts, &out.Parts[i].Name, &out.Parts[i].Value)
	}
	if err := s.Names(req).Fill(texts...); err != nil {
		return req, &proxy.InputError{
			Field: "variables", Reason: err.Error(), Hint: "give it a value: @name = value in the file, or http-client.env.json beside it",
		}
	}
	if req.Body != nil {
		out.Body = []byte(body)
	}
	return out, nil
}

// customFields are the names that an app's accounts have fields of.
func customFields(app proxy.App, known *proxy.App) []string {
	if app.CustomFieldsJSON == "" && known != nil {
		return known.FieldNames()
	}
	return app.FieldNames()
}
