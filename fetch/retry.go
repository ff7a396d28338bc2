package fetch

import (
	"hash/fnv"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The waits and tries of one call. Atlassian suggests 2 to 30 s and few tries;
// quota waits of half an hour and more are normal and are waited out.
const (
	firstWait      = time.Second      // before the second try; doubled for each further one
	longestBackoff = 60 * time.Second // where nobody says how long to wait
	refreshWait    = 31 * time.Second // Nango refuses for 30 s after a failed token refresh
	unauthWait     = 5 * time.Second  // for a token that was renewed meanwhile
	rateTries      = 60               // 429 answers to one call
	refreshTries   = 5                // a few minutes
	tries          = 7                // over a minute and a bit: a restart of Nango is waited out

	defaultLongestWait = 5 * time.Minute
	defaultPatience    = 75 * time.Minute // quotas reset at the top of the hour
	defaultStall       = 2 * time.Minute
	defaultAnswer      = 2 * time.Minute // Atlassian's gateway gives up after one
)

// remedy is what a failed try allows: how many tries there may be in all, how
// long to wait at least before the next, and whether all workers wait with it.
type remedy struct {
	tries int
	wait  time.Duration
	all   bool
}

// remedy says what may be done about e. An attempt is never made again after an
// answer that would only be the same.
func (e *Error) remedy() remedy {
	switch {
	case e.Status == http.StatusTooManyRequests:
		return remedy{tries: rateTries, all: true}
	case e.final:
		return remedy{tries: 1}
	case e.refreshing():
		return remedy{tries: refreshTries, wait: refreshWait, all: true}
	case e.unlooked():
		return remedy{tries: tries, all: true}
	case e.keyRefused() && e.Status >= 500:
		return remedy{tries: 2}
	case e.Code == "base_url_override_not_allowed": // also what a failed DNS look-up is reported as
		return remedy{tries: 3}
	case e.Code == CodeNotJSON, e.Code == CodeWebPage, e.Code == CodeShape, e.Status == http.StatusConflict:
		return remedy{tries: 2}
	case e.Code == CodeSize:
		return remedy{tries: 3}
	case e.Code == CodeTruncated, e.Code == CodeStalled, e.Code == CodeConnection:
		return remedy{tries: tries}
	case e.Origin == OriginClient, e.Code == CodeTLS, e.Code == CodeProxy, e.Code == CodeTooBig, e.Code == CodeStatus,
		e.Code == "ERR_FR_TOO_MANY_REDIRECTS":
		return remedy{tries: 1}
	case e.Status == http.StatusUnauthorized && e.Origin != OriginNango && e.Origin != OriginMedia && !IsScope(e):
		return remedy{tries: 2, wait: unauthWait}
	case e.Origin == OriginMedia && (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden):
		return remedy{tries: 2} // the address is signed for a short time: ask for another
	case e.Status == http.StatusRequestTimeout, e.Status == http.StatusTooEarly:
		return remedy{tries: tries}
	case e.Status == http.StatusNotImplemented:
		return remedy{tries: 1}
	case e.Status >= 500:
		return remedy{tries: tries, all: e.after != ""}
	}
	return remedy{tries: 1}
}

// overload says whether e means that the other side has too much to do or is
// broken, so that fewer requests at once may help.
func (e *Error) overload() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500 && !e.keyRefused() || e.unlooked() ||
		(e.Origin == OriginNetwork || e.Origin == OriginMedia && e.Status == 0) && e.Code != CodeSize
}

// wait returns how long to wait before the next try, the given one having failed:
// as long as the other side asks, else doubling from a second; never less than a
// second, never more than longest.
func (e *Error) wait(try int, longest time.Duration) time.Duration {
	least := max(backoff(try), e.remedy().wait)
	told, ok := e.told()
	if ok && told >= time.Second {
		least = max(told, e.remedy().wait)
	}
	if spread := jitter(e.Op, try); least < longest {
		least += time.Duration(float64(min(least, longestBackoff)) * spread)
	}
	return min(max(least, time.Second), longest)
}

// told returns how long the answer asks to wait: by Retry-After, or on a 429 by
// X-RateLimit-Reset.
func (e *Error) told() (time.Duration, bool) {
	if d, ok := waitingTime(e.after, e.date); ok {
		return d, true
	}
	if e.Status != http.StatusTooManyRequests || e.reset == "" {
		return 0, false
	}
	return moment(e.reset, e.date)
}

// backoff is 1, 2, 4 … 60 seconds after the first, second, third … failed try.
func backoff(try int) time.Duration {
	if try > 6 {
		return longestBackoff
	}
	return min(firstWait<<max(try-1, 0), longestBackoff)
}

// jitter is a fraction from 0 to 0.2 that spreads the tries of different
// operations. It is the same for the same operation and try.
func jitter(op string, try int) float64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(op + strconv.Itoa(try)))
	return float64(h.Sum32()%1000) / 5000
}

// waitingTime reads a Retry-After: seconds, also with a fraction, negative or
// beyond any range; or a moment. Negative counts as none, too much as for ever.
func waitingTime(value, date string) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	n, err := strconv.ParseFloat(value, 64)
	switch {
	case value == "":
		return 0, false
	case err != nil && !math.IsInf(n, 0), math.IsNaN(n):
		return moment(value, date)
	case n <= 0:
		return 0, true
	case n >= 1e9: // no waiting time is 30 years: seconds since 1970, or nonsense
		if d, ok := moment(value, date); ok {
			return d, true
		}
		return math.MaxInt64, true
	}
	return time.Duration(n * float64(time.Second)), true
}

// moment reads a point in time (HTTP date, ISO 8601 with or without seconds,
// seconds or milliseconds since 1970) and returns how far it is after the answer's
// own Date, so that a wrong clock here does no harm. A moment of the past is zero.
func moment(value, date string) (time.Duration, bool) {
	now, err := http.ParseTime(date)
	if err != nil {
		return 0, false
	}
	at, ok := parseMoment(strings.TrimSpace(value))
	if !ok {
		return 0, false
	}
	return max(at.Sub(now), 0), true
}

// parseMoment reads the forms of moment.
func parseMoment(value string) (time.Time, bool) {
	if t, err := http.ParseTime(value); err == nil {
		return t, true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, value); err == nil {
			return t, true
		}
	}
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil || n < 1e9:
		return time.Time{}, false
	case n < 1e11:
		return time.Unix(n, 0), true
	case n < 1e14:
		return time.UnixMilli(n), true
	}
	return time.Time{}, false
}
