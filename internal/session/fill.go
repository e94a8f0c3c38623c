package session

import (
	"bytes"
	"slices"
	"strings"

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
	out, err := FillWith(req, s.Names(req))
	if err != nil {
		return req, &proxy.InputError{
			Field: "variables", Reason: err.Error(), Hint: "give it a value: @name = value in the file, or http-client.env.json beside it",
		}
	}
	out.Variables = nil
	return out, nil
}

// FillWith returns a request with the values of a set in the place of {{names}}. It fails
// as [variables.Set.Fill] does.
func FillWith(req Request, set variables.Set) (Request, error) {
	out, body := req, string(req.Body)
	out.Headers, out.Parts = slices.Clone(req.Headers), slices.Clone(req.Parts)
	if err := set.Fill(written(&out, &body)...); err != nil {
		return req, err
	}
	if req.Body != nil {
		out.Body = []byte(body)
	}
	return out, nil
}

// Holds reports that something stands in what a person wrote of a request.
func (r Request) Holds(what string) bool {
	var none string
	return bytes.Contains(r.Body, []byte(what)) ||
		slices.ContainsFunc(written(&r, &none), func(text *string) bool { return strings.Contains(*text, what) })
}

// written are the texts of a request in which a name can stand, with the body as given.
func written(r *Request, body *string) []*string {
	all := []*string{&r.URL, body}
	for i := range r.Headers {
		all = append(all, &r.Headers[i].Name, &r.Headers[i].Value)
	}
	for i := range r.Parts {
		all = append(all, &r.Parts[i].Name, &r.Parts[i].Value)
	}
	return all
}

// customFields are the names that an app's accounts have fields of.
func customFields(app proxy.App, known *proxy.App) []string {
	if app.CustomFieldsJSON == "" && known != nil {
		return known.FieldNames()
	}
	return app.FieldNames()
}
