// What load.js shares. fresh is what follows the names of the files that name the others, once those
// have changed.
var {
  here, root, query: given, page: address, words, byId, say, element, on, loadScript, stored, lately
} = AGC, fresh = "";
