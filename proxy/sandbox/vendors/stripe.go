package vendors

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

var stripeKeys = keyring{
	"sk_test_acme":   {owner: "acme"},
	"sk_test_globex": {owner: "globex"},
}

// stripe takes form bodies, and its key as bearer or as the user of Basic.
type stripe struct {
	mux       *http.ServeMux
	mu        sync.Mutex
	customers map[string][]object
}

func newStripe() http.Handler {
	s := &stripe{mux: http.NewServeMux(), customers: map[string][]object{}}
	s.handle("GET /v1/balance", s.balance)
	s.handle("GET /v1/customers", s.list)
	s.handle("POST /v1/customers", s.create)
	s.handle("/", func(w http.ResponseWriter, r *http.Request, _ string) {
		stripeFail(w, http.StatusNotFound, fmt.Sprintf("Unrecognized request URL (%s: %s).", r.Method, r.URL.Path))
	})
	return s.mux
}

func (s *stripe) handle(route string, serve func(http.ResponseWriter, *http.Request, string)) {
	s.mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) {
		key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if user, _, basic := r.BasicAuth(); basic {
			key = user
		}
		g, ok := stripeKeys[key]
		switch {
		case key == "":
			stripeFail(w, http.StatusUnauthorized, "You did not provide an API key.")
		case !ok:
			stripeFail(w, http.StatusUnauthorized, "Invalid API Key provided: "+key[:min(len(key), 4)]+"****")
		default:
			serve(w, r, g.owner)
		}
	})
}

func stripeFail(w http.ResponseWriter, status int, message string) {
	reply(w, status, object{"error": object{"message": message, "type": "invalid_request_error"}})
}

func (s *stripe) balance(w http.ResponseWriter, _ *http.Request, _ string) {
	reply(w, http.StatusOK, object{
		"object": "balance", "livemode": false,
		"available": []object{{"amount": 241_900, "currency": "usd", "source_types": object{"card": 241_900}}},
		"pending":   []object{{"amount": 1_250, "currency": "usd", "source_types": object{"card": 1_250}}},
	})
}

func (s *stripe) list(w http.ResponseWriter, r *http.Request, owner string) {
	s.mu.Lock()
	all := append([]object{}, s.customers[owner]...)
	s.mu.Unlock()
	part, next := page(all, r.FormValue("limit"), r.FormValue("starting_after"))
	reply(w, http.StatusOK, object{"object": "list", "data": part, "has_more": next != "", "url": "/v1/customers"})
}

func (s *stripe) create(w http.ResponseWriter, r *http.Request, owner string) {
	if !isForm(r) {
		stripeFail(w, http.StatusBadRequest, "Invalid request: the body must be application/x-www-form-urlencoded.")
		return
	}
	body, err := fields(r)
	if err != nil {
		stripeFail(w, http.StatusBadRequest, "Invalid request body.")
		return
	}
	s.mu.Lock()
	customer := object{
		"id": fmt.Sprintf("cus_demo%d", len(s.customers[owner])+1), "object": "customer",
		"name": body["name"], "email": body["email"], "created": time.Now().Unix(), "livemode": false,
	}
	s.customers[owner] = append(s.customers[owner], customer)
	s.mu.Unlock()
	reply(w, http.StatusOK, customer)
}
