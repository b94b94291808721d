// German texts of the 3D workspace's screen, views and tools.
export const sceneCoreTexts: Readonly<Record<string, string>> = {
  'Fit the view (double click on nothing)': 'Ansicht einpassen (Doppelklick ins Leere)',
}
