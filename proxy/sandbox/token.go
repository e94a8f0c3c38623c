package sandbox

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// issuer makes and checks access tokens: JWTs with the claims of the real ones,
// under a key that lives as long as the server (connect-api.md, "Tokens").
//
// A token that was verified is remembered until it expires: checking a signature
// costs more than all else that a proxied call does.
type issuer struct {
	key  ed25519.PrivateKey
	now  func() time.Time
	life time.Duration

	mu       sync.RWMutex
	verified map[string]claims
}

// mostVerified bounds the memory of tokens; past it they are verified anew.
const mostVerified = 4096

func newIssuer(now func() time.Time, life time.Duration) (*issuer, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return &issuer{key: key, now: now, life: life, verified: map[string]claims{}}, err
}

type claims struct {
	ID        string   `json:"jti"`
	Issuer    string   `json:"iss"`
	IssuedAt  int64    `json:"iat"`
	NotBefore int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	TokenType string   `json:"token_type"`
	Audience  []string `json:"aud"`
	Subject   string   `json:"sub"`
	Scopes    []string `json:"scopes"`
}

const (
	jwtHeader = `{"typ":"JWT","alg":"EdDSA"}`
	tokenType = "oauth_access_token"
	leeway    = 5 // seconds before iat that a token is good
)

func (i *issuer) issue(origin string, scopes []string) (string, error) {
	now := i.now().Unix()
	body, err := json.Marshal(claims{
		ID: rand.Text(), Issuer: origin, IssuedAt: now, NotBefore: now - leeway, Expires: now + int64(i.life.Seconds()),
		TokenType: tokenType, Audience: []string{"api", "catcher"}, Subject: "o_sandbox", Scopes: scopes,
	})
	if err != nil {
		return "", err
	}
	signed := b64([]byte(jwtHeader)) + "." + b64(body)
	return signed + "." + b64(ed25519.Sign(i.key, []byte(signed))), nil
}

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// check returns the scopes of a token that is ours and in time.
func (i *issuer) check(token string) ([]string, bool) {
	i.mu.RLock()
	c, known := i.verified[token]
	i.mu.RUnlock()
	if !known {
		var ok bool
		if c, ok = i.verify(token); !ok {
			return nil, false
		}
		i.remember(token, c)
	}
	now := i.now().Unix()
	return c.Scopes, now >= c.NotBefore && now < c.Expires
}

func (i *issuer) remember(token string, c claims) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.verified) >= mostVerified {
		clear(i.verified)
	}
	i.verified[token] = c
}

// verify reads a token that bears our signature.
func (i *issuer) verify(token string) (c claims, ok bool) {
	dot := strings.LastIndexByte(token, '.')
	if dot < 0 {
		return c, false
	}
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil || !ed25519.Verify(i.key.Public().(ed25519.PublicKey), []byte(token[:dot]), signature) {
		return c, false
	}
	_, body, _ := strings.Cut(token[:dot], ".")
	raw, err := base64.RawURLEncoding.DecodeString(body)
	return c, err == nil && json.Unmarshal(raw, &c) == nil
}

// allows reports whether the scopes include one, directly or by a star.
func allows(scopes []string, scope string) bool {
	family, _, _ := strings.Cut(scope, ":")
	return slices.Contains(scopes, "*") || slices.Contains(scopes, family+":*") || slices.Contains(scopes, scope)
}

// maxTokenBody is the longest token request that is read.
const maxTokenBody = 64 << 10

// token answers POST /v1/oauth/token, JSON or a form.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	asked, ok := tokenRequest(w, r)
	if !ok {
		answer(w, http.StatusBadRequest, object{"error": "invalid_request", "error_description": "The body is neither JSON nor a form."})
		return
	}
	id, secret := s.Credentials()
	same := subtle.ConstantTimeCompare([]byte(asked["client_id"]), []byte(id)) &
		subtle.ConstantTimeCompare([]byte(asked["client_secret"]), []byte(secret))
	switch {
	case asked["grant_type"] != "client_credentials":
		answer(w, http.StatusBadRequest, object{"error": "unsupported_grant_type", "error_description": "The authorization grant type is not supported by the authorization server."})
	case same != 1:
		answer(w, http.StatusUnauthorized, object{"error": "invalid_client", "error_description": "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."})
	default:
		s.grant(w, r, asked["scope"])
	}
}

func (s *Server) grant(w http.ResponseWriter, r *http.Request, scope string) {
	scopes := strings.Fields(scope)
	if len(scopes) == 0 {
		scopes = []string{"*"}
	}
	token, err := s.tokens.issue(origin(r), scopes)
	if err != nil {
		refuse(w, http.StatusInternalServerError, wordsFault)
		return
	}
	answer(w, http.StatusOK, object{
		"access_token": token, "token_type": "Bearer", "expires_in": int64(s.tokens.life.Seconds()), "created_at": s.cfg.Now().Unix(),
	})
}

// origin is the address under which the caller knows this server.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// tokenRequest reads the fields of a token request.
func tokenRequest(w http.ResponseWriter, r *http.Request) (map[string]string, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxTokenBody))
	if err != nil {
		return nil, false
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // unreadable is neither
	out := map[string]string{}
	if media == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		for name := range form {
			out[name] = form.Get(name)
		}
		return out, err == nil
	}
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return nil, false
	}
	for name, v := range members {
		if text, isText := v.(string); isText {
			out[name] = text
		}
	}
	return out, true
}
