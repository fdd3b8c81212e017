import { error } from '@sveltejs/kit'

/** Addresses at which there is nothing: part of the app, so that whoever is signed in keeps their way around. */
export function load() {
  error(404)
}
