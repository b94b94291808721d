// Small behaviours of the pages of quality control: choosing all rows of a form, printing.

const chooseAll = (box: HTMLInputElement) => {
  const boxes = box.form?.querySelectorAll<HTMLInputElement>(
    `input[type="checkbox"][name="${CSS.escape(box.dataset.checkAll!)}"]`,
  )
  for (const one of boxes ?? []) one.checked = box.checked
}

export const startQuality = () => {
  document.addEventListener('change', (event) => {
    const box = (event.target as Element).closest<HTMLInputElement>('input[data-check-all]')
    if (box) chooseAll(box)
  })
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-print]')) window.print()
  })
}
