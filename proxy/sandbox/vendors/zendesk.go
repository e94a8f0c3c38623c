package vendors

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// zendesk is one help desk; each has a host of its own.
type zendesk struct {
	name    string
	tokens  *mint
	mux     *http.ServeMux
	mu      sync.Mutex
	tickets []object
}

func newZendesk(name, token string) http.Handler {
	z := &zendesk{name: name, tokens: newMint("zd-", keyring{token: {owner: "agent@" + name + ".io"}}), mux: http.NewServeMux()}
	for _, subject := range []string{"Slack messages don't arrive", "Cannot log in", "Where is my invoice?"} {
		z.add(subject, "Please help.")
	}
	z.mux.HandleFunc("GET /api/v2/users/me.json", z.me)
	z.mux.HandleFunc("GET /api/v2/tickets.json", z.signedIn(z.list))
	z.mux.HandleFunc("GET /api/v2/tickets", z.signedIn(z.list))
	z.mux.HandleFunc("POST /api/v2/tickets.json", z.signedIn(z.create))
	z.mux.HandleFunc("POST /api/v2/tickets", z.signedIn(z.create))
	z.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusNotFound, object{"error": "InvalidEndpoint", "description": "Not found"})
	})
	return granting{z.mux, z.tokens}
}

// me answers strangers too: 200 with an anonymous user, the trap of the real API.
func (z *zendesk) me(w http.ResponseWriter, r *http.Request) {
	user := object{"id": nil, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user"}
	if g, ok := z.tokens.bearer(r); ok {
		user = object{"id": 3512, "name": "Support agent", "email": g.owner, "role": "agent", "active": true}
	}
	reply(w, http.StatusOK, object{"user": user})
}

func (z *zendesk) signedIn(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, ok := z.tokens.bearer(r); !ok {
			reply(w, http.StatusUnauthorized, object{"error": "invalid_token", "error_description": "The access token provided is expired, revoked, malformed or invalid for other reasons."})
			return
		}
		serve(w, r)
	}
}

func (z *zendesk) list(w http.ResponseWriter, r *http.Request) {
	z.mu.Lock()
	all := append([]object{}, z.tickets...)
	z.mu.Unlock()
	tickets, next := page(all, r.FormValue("per_page"), r.FormValue("cursor"))
	var nextPage any
	if next != "" {
		nextPage = fmt.Sprintf("https://%s.zendesk.com/api/v2/tickets.json?cursor=%s", z.name, next)
	}
	reply(w, http.StatusOK, object{"tickets": tickets, "next_page": nextPage, "count": len(all)})
}

func (z *zendesk) create(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Ticket struct {
			Subject string `json:"subject"`
			Comment struct {
				Body string `json:"body"`
			} `json:"comment"`
		} `json:"ticket"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody)).Decode(&body); err != nil || body.Ticket.Comment.Body == "" {
		reply(w, http.StatusUnprocessableEntity, object{
			"error": "RecordInvalid", "description": "Record validation errors",
			"details": object{"base": []object{{"description": "Description: cannot be blank", "error": "BlankValue"}}},
		})
		return
	}
	reply(w, http.StatusCreated, object{"ticket": z.add(body.Ticket.Subject, body.Ticket.Comment.Body)})
}

func (z *zendesk) add(subject, description string) object {
	z.mu.Lock()
	defer z.mu.Unlock()
	ticket := object{
		"id": 100 + len(z.tickets), "subject": subject, "description": description, "status": "new",
		"created_at": time.Now().UTC().Format(time.RFC3339),
	}
	z.tickets = append(z.tickets, ticket)
	return ticket
}
