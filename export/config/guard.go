package config

// Exceeded reports whether n of so many objects are more than may leave without a
// person's word.
func (g *Guard) Exceeded(n, of int) bool {
	return n > g.MaxGoneObjects && n*100 > g.MaxGonePercent*of
}
