package history

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"
)

// ids makes ids that sort in the order they were made, also when the clock is
// set back while the program runs.
var ids struct {
	sync.Mutex
	last uint64 // milliseconds since 1970, shifted, with a counter below
}

// counterBits is the room of the counter below a millisecond.
const counterBits = 12

// alphabet is Crockford's Base32 in lower case: no i, l, o, u to misread.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// idLength is 60 bits of time and counter and 40 of chance, five bits a letter.
const idLength = 20

// NewID returns a fresh id that sorts after those made before it.
func NewID(now time.Time) string {
	ids.Lock()
	at := uint64(max(0, now.UnixMilli())) << counterBits
	ids.last = max(ids.last+1, at)
	head := ids.last
	ids.Unlock()

	var chance [8]byte
	_, _ = rand.Read(chance[:]) // it never fails (crypto/rand, since Go 1.24)
	tail := binary.BigEndian.Uint64(chance[:])
	id := make([]byte, idLength)
	for i := 11; i >= 0; i-- {
		id[i] = alphabet[head&31]
		head >>= 5
	}
	for i := 12; i < idLength; i++ {
		id[i] = alphabet[tail&31]
		tail >>= 5
	}
	return string(id)
}
