package history

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// wire is the object of `send --json` and of `--format jsonl`; the order of its
// members is part of the contract.
type wire struct {
	Schema         int               `json:"schema"`
	ID             string            `json:"id"`
	StartedAt      time.Time         `json:"started_at"`
	Profile        string            `json:"profile"`
	ProjectID      string            `json:"project_id"`
	BaseURL        string            `json:"base_url"`
	Environment    proxy.Environment `json:"environment"`
	ExternalUserID string            `json:"external_user_id"`
	Account        Account           `json:"account"`
	Request        wireRequest       `json:"request"`
	Response       *wireResponse     `json:"response"`
	Timing         wireTiming        `json:"timing"`
	Finding        diagnose.Finding  `json:"finding"`
	Redacted       []string          `json:"redacted"`
	Note           string            `json:"note"`
	Ticket         string            `json:"ticket"`
	Starred        bool              `json:"starred"`
}

type wireRequest struct {
	Method        string      `json:"method"`
	URL           string      `json:"url"`
	Headers       [][2]string `json:"headers"`
	Body          string      `json:"body"`
	BodyEncoding  string      `json:"body_encoding"`
	BodyTruncated bool        `json:"body_truncated,omitempty"`
}

type wireResponse struct {
	Status        int         `json:"status"`
	Headers       [][2]string `json:"headers"`
	Size          int64       `json:"size"`
	Body          string      `json:"body"`
	BodyEncoding  string      `json:"body_encoding"`
	BodyTruncated bool        `json:"body_truncated"`
}

// wireTiming is in milliseconds, to the microsecond.
type wireTiming struct {
	DNS       float64 `json:"dns_ms"`
	Connect   float64 `json:"connect_ms"`
	TLS       float64 `json:"tls_ms"`
	Sent      float64 `json:"sent_ms"`
	FirstByte float64 `json:"first_byte_ms"`
	Body      float64 `json:"body_ms"`
	Total     float64 `json:"total_ms"`
}

// storedTiming is what the database keeps of a timing beside.
type storedTiming struct {
	wireTiming

	Reused bool   `json:"reused"`
	Remote string `json:"remote"`
}

// MarshalJSON writes the object of the command line's contract.
func (x Exchange) MarshalJSON() ([]byte, error) { return json.Marshal(x.wire()) }

func (x Exchange) wire() wire {
	w := wire{
		Schema: SchemaVersion, ID: x.ID, StartedAt: x.StartedAt.UTC(), Profile: x.Profile, ProjectID: x.ProjectID,
		BaseURL: x.BaseURL, Environment: x.Environment, ExternalUserID: x.ExternalUserID, Account: x.Account,
		Timing: toWire(x.Timing), Finding: x.Finding, Redacted: x.Redacted, Note: x.Note, Ticket: x.Ticket, Starred: x.Starred,
	}
	w.Request = wireRequest{
		Method: x.Request.Method, URL: x.Request.URL, Headers: pairs(x.Request.Headers), BodyTruncated: x.Request.BodyTruncated,
	}
	w.Request.Body, w.Request.BodyEncoding = encodeBody(x.Request.Body)
	if r := x.Response; r != nil {
		w.Response = &wireResponse{Status: r.Status, Headers: pairs(r.Headers), Size: r.Size, BodyTruncated: r.BodyTruncated}
		w.Response.Body, w.Response.BodyEncoding = encodeBody(r.Body)
	}
	if w.Finding.Evidence == nil {
		w.Finding.Evidence = []string{}
	}
	if w.Finding.Next == nil {
		w.Finding.Next = []diagnose.Step{}
	}
	if w.Redacted == nil {
		w.Redacted = []string{}
	}
	return w
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (x *Exchange) UnmarshalJSON(data []byte) error {
	var w wire
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	if w.Schema != SchemaVersion {
		return fmt.Errorf("exchange of schema %d: this connectty reads %d", w.Schema, SchemaVersion)
	}
	body, err := decodeBody(w.Request.Body, w.Request.BodyEncoding)
	if err != nil {
		return fmt.Errorf("request body of %s: %w", w.ID, err)
	}
	*x = Exchange{
		ID: w.ID, StartedAt: w.StartedAt, Profile: w.Profile, ProjectID: w.ProjectID, BaseURL: w.BaseURL,
		Environment: w.Environment, ExternalUserID: w.ExternalUserID, Account: w.Account,
		Request: Request{
			Method: w.Request.Method, URL: w.Request.URL, Headers: lines(w.Request.Headers), Body: body,
			BodyTruncated: w.Request.BodyTruncated,
		},
		Timing: fromWire(w.Timing), Finding: w.Finding, Redacted: w.Redacted, Note: w.Note, Ticket: w.Ticket, Starred: w.Starred,
	}
	if r := w.Response; r != nil {
		body, err := decodeBody(r.Body, r.BodyEncoding)
		if err != nil {
			return fmt.Errorf("response body of %s: %w", w.ID, err)
		}
		x.Response = &Response{
			Status: r.Status, Headers: lines(r.Headers), Size: r.Size, Body: body, BodyTruncated: r.BodyTruncated,
		}
	}
	return nil
}

const (
	asUTF8   = "utf8"
	asBase64 = "base64"
)

func encodeBody(body []byte) (text, encoding string) {
	if utf8.Valid(body) {
		return string(body), asUTF8
	}
	return base64.StdEncoding.EncodeToString(body), asBase64
}

func decodeBody(text, encoding string) ([]byte, error) {
	switch {
	case encoding == asBase64:
		return base64.StdEncoding.DecodeString(text)
	case text == "":
		return nil, nil
	}
	return []byte(text), nil
}

func pairs(fields []proxy.Field) [][2]string {
	out := make([][2]string, len(fields))
	for i, f := range fields {
		out[i] = [2]string{f.Name, f.Value}
	}
	return out
}

func lines(pairs [][2]string) []proxy.Field {
	out := make([]proxy.Field, len(pairs))
	for i, p := range pairs {
		out[i] = proxy.Field{Name: p[0], Value: p[1]}
	}
	return out
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func fromMS(v float64) time.Duration { return time.Duration(v * float64(time.Millisecond)) }

func toWire(t proxy.Timing) wireTiming {
	return wireTiming{
		DNS: ms(t.DNS), Connect: ms(t.Connect), TLS: ms(t.TLS), Sent: ms(t.Sent), FirstByte: ms(t.FirstByte),
		Body: ms(t.Body), Total: ms(t.Total),
	}
}

func fromWire(w wireTiming) proxy.Timing {
	return proxy.Timing{
		DNS: fromMS(w.DNS), Connect: fromMS(w.Connect), TLS: fromMS(w.TLS), Sent: fromMS(w.Sent),
		FirstByte: fromMS(w.FirstByte), Body: fromMS(w.Body), Total: fromMS(w.Total),
	}
}

func toStored(t proxy.Timing) storedTiming { return storedTiming{toWire(t), t.Reused, t.Remote} }

func fromStored(s storedTiming) proxy.Timing {
	t := fromWire(s.wireTiming)
	t.Reused, t.Remote = s.Reused, s.Remote
	return t
}
