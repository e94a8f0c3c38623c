package vendors

import (
	"crypto/rand"
	"maps"
	"net/http"
	"slices"
	"sync"
)

// mint is a keyring that new credentials are added to.
type mint struct {
	prefix string // of the credentials it makes
	mu     sync.RWMutex
	keys   keyring
}

func newMint(prefix string, keys keyring) *mint {
	return &mint{prefix: prefix, keys: maps.Clone(keys)}
}

// bearer looks up the token of an Authorization header.
func (m *mint) bearer(r *http.Request) (grant, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.keys.bearer(r)
}

// granting is a vendor that gives credentials for scopes, as its consent page
// would.
type granting struct {
	http.Handler

	mint *mint
}

// Grant returns a new credential. It is of the owner that held belongs to, if
// held is one of the vendor's, else of the one that is named.
func (g granting) Grant(held, owner string, scopes []string) string {
	g.mint.mu.Lock()
	defer g.mint.mu.Unlock()
	if old, known := g.mint.keys[held]; known {
		owner = old.owner
	}
	key := g.mint.prefix + rand.Text()
	g.mint.keys[key] = grant{owner: owner, scopes: slices.Clone(scopes)}
	return key
}
