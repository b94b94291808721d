// German: quality control, consensus and charts.
export const germanQuality = {
  Numbers: 'Zahlen',
}
