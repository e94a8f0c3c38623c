package history

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
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

// idHead is how many of its letters are time and counter.
const idHead = 12

// NewID returns a fresh id that sorts after those made before it.
func NewID(now time.Time) string {
	ids.Lock()
	ids.last = max(ids.last+1, since1970(now))
	at := ids.last
	ids.Unlock()
	return idOf(at)
}

// since1970 is a time with room for a counter below it.
func since1970(t time.Time) uint64 { return uint64(max(0, t.UnixMilli())) << counterBits }

// idOf writes time and counter, and then chance.
func idOf(at uint64) string {
	var chance [8]byte
	_, _ = rand.Read(chance[:]) // it never fails (crypto/rand, since Go 1.24)
	tail := binary.BigEndian.Uint64(chance[:])
	id := make([]byte, idLength)
	for i := idHead - 1; i >= 0; i-- {
		id[i] = alphabet[at&31]
		at >>= 5
	}
	for i := idHead; i < idLength; i++ {
		id[i] = alphabet[tail&31]
		tail >>= 5
	}
	return string(id)
}

// order is the number by which an exchange sorts: time and counter of an id that NewID
// made, or the time alone.
func order(id string, startedAt time.Time) int64 {
	if len(id) != idLength {
		return max(0, startedAt.UnixMilli()) << counterBits
	}
	var head int64
	for i := range idHead {
		v := strings.IndexByte(alphabet, id[i])
		if v < 0 {
			return max(0, startedAt.UnixMilli()) << counterBits
		}
		head = head<<5 | int64(v)
	}
	return head
}
