// Parts of a page without a list that are read anew: those that carry data-part, each with an id.

/** Fetches the page and takes over its parts; one that is there no longer goes. */
export const refreshParts = async (): Promise<void> => {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!response.ok || response.redirected) return location.reload()
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-part]')) {
    const fresh = page.getElementById(part.id)
    if (fresh) part.replaceWith(fresh)
    else part.remove()
  }
}
