package search

// The fields of a document, by weight.
const (
	inTitle = iota
	inHeading
	inLabel
	inFile
	inPeople
	inBody
	fields
)

// What a field adds to a term's worth for a document, in thousandths. A body's words
// never weigh as much as one field, however often they stand there: it adds at most
// bodyWeight, half of it where the term stands 1.2 times in a body of usual length
// (BM25 with k1 = 1.2 and b = 0.75; Robertson and Zaragoza, The Probabilistic Relevance
// Framework, 2009). A title adds more the shorter it is, so that a page that is called
// by the very words comes before those that have them among others.
const (
	titleWeight   = 400
	titleShare    = 360 // divided by the number of words in the title
	headingWeight = 250
	headingMore   = 25 // for each further heading, up to three
	labelWeight   = 200
	fileWeight    = 150
	peopleWeight  = 110
	bodyWeight    = 140
	usualLength   = 400 // words; a fixed figure, so that a page's postings depend on nothing else
	weights       = 16
	weightStep    = 50
)

// counts are how often a term stands in each field of one document.
type counts [fields]uint32

// weight is a term's worth for a document, 0 to 15. It is reckoned in whole numbers, so
// that every machine makes the same index.
func (c counts) weight(titleWords, bodyWords int) int {
	worth := 0
	if c[inTitle] > 0 {
		worth += titleWeight + titleShare/max(titleWords, 1)
	}
	if n := int(c[inHeading]); n > 0 {
		worth += headingWeight + headingMore*min(n-1, 3)
	}
	if c[inLabel] > 0 {
		worth += labelWeight
	}
	if c[inFile] > 0 {
		worth += fileWeight
	}
	if c[inPeople] > 0 {
		worth += peopleWeight
	}
	if tf := int(c[inBody]); tf > 0 {
		length := 250 + 750*bodyWords/usualLength // in thousandths of the usual one
		worth += bodyWeight * tf * 1000 / (tf*1000 + 1200*length/1000)
	}
	return min(worth/weightStep, weights-1)
}
